using Darkroom.Diffusion.Configuration;
using Darkroom.Diffusion.Schedules.KDiffusion;

namespace Darkroom.Diffusion.Samplers;

/// <summary>What a request and its model say about sampling.</summary>
public sealed record SamplerChoice
{
    /// <summary>diffusers' class in the model's configuration.</summary>
    public required string ModelClass { get; init; }

    public required SamplerConfig ModelConfig { get; init; }

    /// <summary>A name of <see cref="SamplerCatalog"/>; null: the model's own class.</summary>
    public string? Sampler { get; init; }

    /// <summary>A name of the schedule catalog; null or <c>default</c>: the sampler's own.</summary>
    public string? Schedule { get; init; }

    /// <summary>1…150</summary>
    public required int Steps { get; init; }

    /// <summary>Steps left out at the start, for img2img and the like; fewer than <see cref="Steps"/>.</summary>
    public int SkippedSteps { get; init; }

    /// <summary>Share of its teacher's schedule that a distilled sampler picks its steps from, 0…1; null: all of it.</summary>
    public double? TeacherShare { get; init; }

    /// <summary>Shift of a flow model's noise levels, in place of its own and of any by the picture's size; null: its own.</summary>
    public double? Shift { get; init; }

    /// <summary>Patches of the picture, which a flow model's levels may be shifted by.</summary>
    public int? ImageTokens { get; init; }

    /// <summary>Whether a flow model's pipeline hands the sampler levels spread evenly from 1 to 1/n, in place of its own.</summary>
    public bool SpreadsLevelsEvenly { get; init; }

    /// <summary>0…1; null: the sampler's own.</summary>
    public double? Eta { get; init; }

    /// <summary>Whose sigma rules and timesteps are followed in the place of diffusers'; null: diffusers'.</summary>
    public SigmaConvention? Convention { get; init; }

    /// <summary>Whether the run begins from a picture, which A1111's DDIM, PLMS, UniPC, DPM fast and DPM adaptive ask.</summary>
    public bool IsPicture { get; init; }

    /// <summary>Karras' churn over the whole run, and the noise levels between which it is spent; null: none, and no bound.</summary>
    public double? SChurn { get; init; }

    public double? STmin { get; init; }
    public double? STmax { get; init; }

    /// <summary>Factor on every draw; null: 1.</summary>
    public double? SNoise { get; init; }

    /// <summary>Which published levels <c>align_your_steps</c> means for this model.</summary>
    public AlignYourStepsModel AlignYourSteps { get; init; }
}
