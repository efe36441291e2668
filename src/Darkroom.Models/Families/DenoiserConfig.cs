using Darkroom.Models.Catalog;
using Darkroom.Models.Files;

namespace Darkroom.Models.Families;

/// <summary>What a denoiser's <c>config.json</c> says; null where it does not.</summary>
internal abstract record DenoiserConfig
{
    /// <summary>Channels that it is given, for each cell of the latents.</summary>
    public required int? InChannels { get; init; }

    /// <summary>Channels that it gives, for each cell.</summary>
    public required int? OutChannels { get; init; }

    /// <summary>Resolutions it works at, each half of the one above; a patch of two cells a side counts as one more.</summary>
    public required int Levels { get; init; }

    /// <summary>Cells of a side it was trained at.</summary>
    public int? SampleSize { get; init; }

    /// <summary>Cells of a side that a graph which is written for its weights takes alone; null: any number.</summary>
    public virtual int? WrittenSize => null;

    /// <summary>Cells of a side at most.</summary>
    public int? MaxCells { get; init; }

    /// <summary>Width of the text that it attends to.</summary>
    public int? ContextWidth { get; init; }

    /// <summary>Classes that it was trained on, where it takes the number of one.</summary>
    public int? Classes { get; init; }

    /// <summary>Its finest level, for estimates.</summary>
    public required DenoiserSize Finest { get; init; }

    /// <summary>
    /// <see cref="DenoiserSize.ScoresLevel"/> of a graph that is written for its weights: attention to picture and text together is written with ONNX Runtime's
    /// operator, which holds no products of all positions.
    /// </summary>
    public virtual int? WrittenScoresLevel => Finest.IsJoint ? DenoiserSize.NoLevel : null;

    /// <summary>Whether the guidance scale is one of its inputs: it was distilled from guided answers.</summary>
    public bool EmbedsGuidance { get; init; }

    /// <summary>Adds a fault for each part that does not fit.</summary>
    public abstract void CheckAgainst(int latentChannels, IReadOnlyList<TextEncoderSize> texts, FaultList faults);
}
