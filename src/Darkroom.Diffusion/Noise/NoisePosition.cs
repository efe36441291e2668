namespace Darkroom.Diffusion.Noise;

/// <summary>Whose random numbers a picture is made of.</summary>
public enum NoiseGenerator
{
    /// <summary>torch's CPU generator: diffusers with a CPU generator, ComfyUI.</summary>
    TorchCpu,

    /// <summary>torch's CUDA generator, computed on the CPU: A1111 ("NV"), diffusers on a GPU.</summary>
    TorchCuda,
}

/// <summary>A place in a generator's stream: plain data, a few bytes, whatever has been drawn before.</summary>
/// <param name="Generator">The kind of generator.</param>
/// <param name="Seed">Its seed, any 64-bit value; a negative seed is its two's complement.</param>
/// <param name="Consumed">32-bit words taken (torch CPU), or draws made (torch CUDA).</param>
/// <param name="Spare">torch CPU only: the second value of the last short Box-Muller pair, not handed out yet.</param>
public readonly record struct NoisePosition(NoiseGenerator Generator, ulong Seed, ulong Consumed = 0, double? Spare = null);
