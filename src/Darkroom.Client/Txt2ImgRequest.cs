namespace Darkroom.Client;

/// <summary>Makes pictures of a text.</summary>
public sealed record Txt2ImgRequest : GenerationRequest
{
    /// <summary>With nothing but defaults.</summary>
    public Txt2ImgRequest()
        : base(GenerationTask.Txt2Img)
    {
    }

    /// <summary>Pixels, a multiple of the model's step; null: the model's native size.</summary>
    public int? Width { get; init; }

    /// <summary>Pixels, a multiple of the model's step; null: the model's native size.</summary>
    public int? Height { get; init; }

    /// <summary>The class to draw, for models that take one: its number in their training set.</summary>
    public int? ClassLabel { get; init; }

    /// <summary>A second pass at a larger size; null: none.</summary>
    public HiresPass? Hires { get; init; }

    /// <summary>The picture wraps round; null: it does not.</summary>
    public Tiling? Tiling { get; init; }

    /// <summary>Where words of the prompt were drawn: <see cref="GeneratedImage.Attributions"/>; null: nothing is shown.</summary>
    public WordChoice? Explain { get; init; }
}
