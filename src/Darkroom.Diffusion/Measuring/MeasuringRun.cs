namespace Darkroom.Diffusion.Measuring;

/// <summary>
/// A measurement that asks a denoiser again and again: it says what it wants evaluated, and takes the answers. Everything of it follows from its arguments
/// and the answers, so that it does not depend on who else shares the calls.
/// </summary>
public abstract class MeasuringRun
{
    /// <summary>The evaluations that are wanted now, all at one timestep; empty where the measurement is complete.</summary>
    public abstract IReadOnlyList<MeasuringPoint> Wanted { get; }

    /// <summary>As the network is told.</summary>
    public abstract double Timestep { get; }

    /// <summary>Steps that are behind, of <see cref="Steps"/>.</summary>
    public abstract int StepsDone { get; }

    /// <summary>Steps of the whole measurement.</summary>
    public abstract int Steps { get; }

    /// <summary>Takes the answers to all that was wanted.</summary>
    /// <param name="answers">One for each of <see cref="Wanted"/>, in its order. // [C, h, w]</param>
    public abstract void Take(IReadOnlyList<ReadOnlyMemory<float>> answers);
}

/// <summary>An evaluation that a measurement wants.</summary>
/// <param name="Text">Which of its texts or classes the network reads.</param>
/// <param name="Noised">What it is shown. // [C, h, w]</param>
public readonly record struct MeasuringPoint(int Text, float[] Noised);
