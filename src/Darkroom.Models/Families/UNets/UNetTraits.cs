using Darkroom.Diffusion.Schedules.KDiffusion;
using Darkroom.Models.Catalog;
using Darkroom.Models.Catalog.Parts;
using Darkroom.Models.Fields;

namespace Darkroom.Models.Families.UNets;

/// <summary>What a family of U-Nets has in common, and what its folders leave unsaid.</summary>
internal sealed record UNetTraits
{
    public required FolderLayout Layout { get; init; }

    /// <summary>Of a folder whose autoencoder does not say.</summary>
    public required double ScalingFactor { get; init; }

    /// <summary>Pixels of a side, where nothing says.</summary>
    public required int NativeSize { get; init; }

    /// <summary>Resolutions that the U-Net works at, where its configuration does not say.</summary>
    public required int Levels { get; init; }

    /// <summary>Of a U-Net whose configuration does not say.</summary>
    public required DenoiserSize Finest { get; init; }

    /// <summary>diffusers' <c>addition_embed_type</c> of the family's U-Nets; null: they have none.</summary>
    public string? AdditionEmbedding { get; init; }

    /// <summary>Request fields that the family takes beside those that every model takes.</summary>
    public IReadOnlyCollection<string> ExtraFields { get; init; } = [];

    /// <summary>What a request gets that says nothing, where its folder says nothing either.</summary>
    public ModelDefaults Defaults { get; init; } = new();

    /// <summary>Which published levels <c>align_your_steps</c> means.</summary>
    public AlignYourStepsModel AlignYourSteps { get; init; }

    /// <summary>Last layers of its text encoders that are never run.</summary>
    public int UnusedTextLayers { get; init; }

    /// <summary>Whether a distilled sampler runs all of its steps, whatever the strength: that shortens the schedule that they are picked from.</summary>
    public bool StrengthPicksTimesteps { get; init; }

    /// <summary>Whether the hidden states of earlier text layers go through the final layer norm.</summary>
    public bool NormalisesText { get; init; }
}
