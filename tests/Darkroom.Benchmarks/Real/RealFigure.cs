namespace Darkroom.Benchmarks.Real;

/// <summary>What is measured of each contestant.</summary>
internal enum RealFigure
{
    /// <summary>Seconds from the start of the process until the denoiser's first call begins.</summary>
    Load,

    /// <summary>Seconds of the denoiser over two rows.</summary>
    Step,

    /// <summary>Seconds of one picture's decoding.</summary>
    Decode,

    /// <summary>Seconds of two texts through all text encoders.</summary>
    Text,

    /// <summary>MiB resident before the first step.</summary>
    Loaded,

    /// <summary>MiB resident at most until the steps are done, loading included.</summary>
    StepPeak,

    /// <summary>MiB resident at most while the VAE decodes.</summary>
    DecodePeak,

    /// <summary>MiB resident behind all calls, when nothing is asked.</summary>
    Resting,
}
