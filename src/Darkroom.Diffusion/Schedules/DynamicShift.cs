using Darkroom.Diffusion.Configuration;

namespace Darkroom.Diffusion.Schedules;

/// <summary>
/// The exponent μ by which a flow model's levels are shifted for a picture's size: on the line through (base_image_seq_len, base_shift) and
/// (max_image_seq_len, max_shift), as diffusers' pipelines of FLUX and Stable Diffusion 3 compute it.
/// </summary>
public static class DynamicShift
{
    /// <param name="config">Ends of the line; diffusers' where it does not say.</param>
    /// <param name="tokens">Patches of the picture.</param>
    public static double Of(SamplerConfig config, int tokens)
    {
        ArgumentNullException.ThrowIfNull(config);
        int first = config.BaseImageSeqLen ?? 256, last = config.MaxImageSeqLen ?? 4096;
        double low = config.BaseShift ?? 0.5, slope = ((config.MaxShift ?? 1.15) - low) / (last - first);
        return tokens * slope + (low - slope * first);
    }
}
