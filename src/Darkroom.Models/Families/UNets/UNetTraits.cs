using Darkroom.Diffusion.Schedules;
using Darkroom.Diffusion.Schedules.KDiffusion;
using Darkroom.Models.Catalog;
using Darkroom.Models.Catalog.Parts;
using Darkroom.Models.Checkpoints;
using Darkroom.Models.Fields;
using Darkroom.Models.Files;
using Darkroom.Models.Graphs.Writing;
using Darkroom.Models.Networks;
using Darkroom.Models.Networks.UNets;

namespace Darkroom.Models.Families.UNets;

/// <summary>What the models of a family have in common, whatever their denoiser, and what their folders leave unsaid.</summary>
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

    /// <summary>What the strength of a picture task means to the family.</summary>
    public StrengthRule Strength { get; init; }

    /// <summary>What its models are asked for; null: whatever their parts allow.</summary>
    public IReadOnlyList<string>? Tasks { get; init; }

    /// <summary>Whether the U-Net is shown a picture as further channels, and edits it by instruction.</summary>
    public bool ShowsPicture { get; init; }

    /// <summary>
    /// Whether the latents are what the network is given, as in diffusers' pipeline of the family: unit noise at the start whatever the sampler, and every step
    /// goes on from the scaled ones.
    /// </summary>
    public bool LatentsAreInputs { get; init; }

    /// <summary>Whether no guidance is run, for want of anything to be guided by.</summary>
    public bool IgnoresGuidance { get; init; }

    /// <summary>Reads the denoiser's configuration, with what a file's tensors tell.</summary>
    public Func<ModelPlace, UNetTraits, FaultList, DenoiserConfig> ReadDenoiser { get; init; } = UNetConfig.Read;

    /// <summary>Whether ControlNets can add to what the U-Net makes of the latents; an exported one has to have inputs for that.</summary>
    public bool TakesControls { get; init; }

    /// <summary>Writes the denoiser's graph for weights: of its configuration's place, into a writer; null where a fault was added.</summary>
    public Func<ModelPlace, NetworkWriter, FaultList, WrittenGraph?> WriteDenoiser { get; init; } = static (place, network, faults) =>
        UNetConfig.ShapeOf(place, faults) is { } shape ? UNet.Write(shape with { TakesResiduals = true }, network) : null;

    /// <summary>The text encoder that is T5; null: there is none. It takes texts of any length in one piece.</summary>
    public string? T5 { get; init; }

    /// <summary>Tokens of T5's text where a request does not say.</summary>
    public int? TextTokens { get; init; }

    /// <summary>Whether last layers of CLIP's encoders can be left out.</summary>
    public bool LeavesOutTextLayers { get; init; } = true;

    /// <summary>Output of CLIP's encoders for the whole text, where it is used.</summary>
    public string PooledOutput { get; init; } = TextEncoder.Embeds;

    /// <summary>Input of the denoiser for the guidance scale, and what its configuration calls it.</summary>
    public (string Input, string Key) Guidance { get; init; } = (GuidanceEmbedding.Input, "time_cond_proj_dim");

    /// <summary>The denoiser's timestep is the sampler's times this.</summary>
    public double TimestepScale { get; init; } = 1;

    /// <summary>Whether its pipeline hands the flow sampler noise levels spread evenly from 1 to 1/n, in place of the sampler's own.</summary>
    public bool SpreadsLevelsEvenly { get; init; }

    /// <summary>Whether the hidden states of earlier text layers go through the final layer norm.</summary>
    public bool NormalisesText { get; init; }
}
