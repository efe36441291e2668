namespace Darkroom.Client;

/// <summary>Extends a picture. What was sent stands unchanged in the answer but for the feather.</summary>
public sealed record OutpaintRequest : EditRequest
{
    /// <summary>With nothing but defaults.</summary>
    public OutpaintRequest()
        : base(GenerationTask.Outpaint)
    {
    }

    /// <summary>0…2000 pixels to add on the left. At least one side must be above 0.</summary>
    public int? Left { get; init; }

    /// <summary>0…2000 pixels to add on the right.</summary>
    public int? Right { get; init; }

    /// <summary>0…2000 pixels to add above.</summary>
    public int? Up { get; init; }

    /// <summary>0…2000 pixels to add below.</summary>
    public int? Down { get; init; }

    /// <summary>0…2000: pixels by which the new area reaches softly into the picture; null: 32, or an eighth of the model's native size.</summary>
    public int? Feather { get; init; }
}
