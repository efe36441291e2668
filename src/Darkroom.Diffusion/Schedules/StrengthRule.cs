namespace Darkroom.Diffusion.Schedules;

/// <summary>Which part of a schedule a picture task runs, as diffusers' pipelines of a family or another program have it.</summary>
public enum StrengthRule
{
    /// <summary>The last ⌊n · strength⌋ of n steps.</summary>
    RoundsDown,

    /// <summary>The last ⌈n · strength⌉ of n steps (flow models).</summary>
    RoundsUp,

    /// <summary>
    /// A distilled sampler runs all n steps: strength is the share of its teacher's schedule that they are picked from. Other samplers round down.
    /// </summary>
    PicksTimesteps,

    /// <summary>A1111: one step more than ⌊n · strength⌋, where strength counts as 0.999 at most.</summary>
    A1111,

    /// <summary>A1111's option to run all n steps: the last ones of ⌊n / strength⌋.</summary>
    A1111AllSteps,

    /// <summary>ComfyUI's denoise: all n steps, the last ones of ⌊n / strength⌋.</summary>
    Comfyui,
}
