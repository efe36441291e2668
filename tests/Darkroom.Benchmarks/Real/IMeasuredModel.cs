namespace Darkroom.Benchmarks.Real;

/// <summary>A model that is ready for its first step. All calls of all contestants are given the same.</summary>
internal interface IMeasuredModel : IDisposable
{
    /// <summary>The two texts of a guided step, through every text encoder.</summary>
    void Encode();

    /// <summary>One guided step: the denoiser over two rows.</summary>
    /// <returns>What the network gave for both rows.</returns>
    float[] Step();

    /// <summary>The latents of one picture to pixels.</summary>
    void Decode();
}
