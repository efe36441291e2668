namespace Darkroom.Diffusion.Schedules;

/// <summary>Which part of a schedule a picture task runs, as diffusers' pipelines of a family have it.</summary>
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
}
