namespace Darkroom.Client;

/// <summary>Changes a picture.</summary>
public sealed record Img2ImgRequest : ResizingRequest
{
    /// <summary>With nothing but defaults.</summary>
    public Img2ImgRequest()
        : base(GenerationTask.Img2Img)
    {
    }

    /// <summary>0…10, for models that edit by instruction: how strongly they keep to the picture; null: 1.5.</summary>
    public double? ImageGuidanceScale { get; init; }
}
