namespace Darkroom.Client;

/// <summary>What img2img and inpaint take: they can bring the picture to another size.</summary>
public abstract record ResizingRequest : EditRequest
{
    private protected ResizingRequest(GenerationTask task)
        : base(task)
    {
    }

    /// <summary>Pixels; null: the picture's, or by its aspect where the height is given.</summary>
    public int? Width { get; init; }

    /// <summary>Pixels; null: the picture's, or by its aspect where the width is given.</summary>
    public int? Height { get; init; }

    /// <summary>How the picture is brought to that size; null: it is cropped.</summary>
    public ResizeMode? ResizeMode { get; init; }

    /// <summary>
    /// With the compatibility of AUTOMATIC1111 or ComfyUI: run as many steps as asked, whatever the strength; null: no, and yes for ComfyUI.
    /// </summary>
    public bool? AllSteps { get; init; }

    /// <summary>0…2: factor on the noise that is put on the picture; null: 1.</summary>
    public double? NoiseMultiplier { get; init; }

    /// <summary>The picture wraps round; null: it does not.</summary>
    public Tiling? Tiling { get; init; }

    /// <summary>Where words of the prompt were drawn: <see cref="GeneratedImage.Attributions"/>; null: nothing is shown.</summary>
    public WordChoice? Explain { get; init; }
}
