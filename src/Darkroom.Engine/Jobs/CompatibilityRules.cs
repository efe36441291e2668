using Darkroom.Diffusion.Schedules.KDiffusion;

namespace Darkroom.Engine.Jobs;

/// <summary>What it means for the mathematics that another program's pictures are reproduced.</summary>
public static class CompatibilityRules
{
    /// <summary>Whose sigma rules are followed; null: diffusers'.</summary>
    public static SigmaConvention? Convention(this Compatibility compatibility) => compatibility switch
    {
        Compatibility.A1111 => SigmaConvention.A1111,
        Compatibility.Comfyui => SigmaConvention.ComfyUi,
        _ => null,
    };
}
