using System.Numerics.Tensors;

namespace Darkroom.Diffusion.Caching;

/// <summary>
/// Which calls of a run can do without the network, by EasyCache's rule (Zhou et al. 2025, "Less is Enough", equations 4 to 7). What the network answers
/// changes by a nearly steady rate k of what it is shown, k = ‖v_i − v_j‖ / Σ‖x_n − x_(n−1)‖ over the two calls i and j that were made last. So the
/// change of the answer since then is estimated without asking for it, ε = k · Σ‖x_n − x_(n−1)‖ / ‖v_i‖, and while ε is below the threshold the answer is
/// made from the kept ones. ‖·‖ is the mean of the absolute values. Nothing is allocated after the constructor.
/// </summary>
/// <param name="threshold">Relative change of the answer below which a call is left out; 0 leaves out none.</param>
/// <param name="length">Values in the latents.</param>
/// <param name="calls">Calls of the run.</param>
public sealed class EasyCache(double threshold, int length, int calls)
{
    /// <summary>The share of a run before which every call is made: the answers still turn there, as ComfyUI's node of the name has it.</summary>
    public const double Start = 0.15;

    /// <summary>The share of a run after which every call is made: what is wrong there stays in the picture.</summary>
    public const double End = 0.95;

    private readonly float[] shown = new float[length]; // at the last call, made or left out
    private float[] answer = new float[length], before = new float[length]; // of the last two calls that were made
    private double time, timeBefore;
    private double path; // Σ‖x_n − x_(n−1)‖ since the last call that was made
    private double rate, size; // k, ‖v_i‖
    private int made; // since the last change of what the network reads

    /// <summary>The first call that may be left out: a rate takes two.</summary>
    public int First { get; } = Math.Max(2, (int)Math.Ceiling(Start * calls));

    /// <summary>The first call after those that may: at least the last is made.</summary>
    public int Last { get; } = Math.Min(calls - 1, (int)Math.Floor(End * calls));

    /// <summary>The estimate ε at the last point that was asked about.</summary>
    public double Estimate { get; private set; }

    /// <summary>The network reads something else from here on: what was kept says nothing of its answers.</summary>
    public void Forget() => made = 0;

    /// <summary>Takes the point of a call.</summary>
    /// <param name="call">Which call of the run, from 0; each is asked about once, in order.</param>
    /// <param name="latents">What the network would be shown.</param>
    /// <param name="scale">Their factor.</param>
    /// <returns>Whether the call can be left out.</returns>
    public bool CanSkip(int call, ReadOnlySpan<float> latents, double scale)
    {
        path += MoveTo(latents, (float)scale);
        Estimate = size > 0 ? rate * path / size : double.PositiveInfinity;
        return made >= 2 && call >= First && call < Last && Estimate < threshold;
    }

    /// <summary>Takes the answer of a call that was made.</summary>
    /// <param name="values">What is reused of it.</param>
    /// <param name="at">Where the call was: the timestep.</param>
    public void Keep(ReadOnlySpan<float> values, double at)
    {
        (answer, before, timeBefore, time) = (before, answer, time, at);
        values.CopyTo(answer);
        if (made > 0 && path > 0) rate = Distance(answer, before) / path;
        size = TensorPrimitives.SumOfMagnitudes<float>(answer) / (double)length;
        (path, made) = (0, made + 1);
    }

    /// <summary>
    /// The answer of a call that is left out: the last one, moved on as the last two moved over time. No further than these two are apart: after the first
    /// calls, which are close together, a long gap would carry it far off.
    /// </summary>
    public void Predict(Span<float> values, double at)
    {
        double share = time == timeBefore ? 0 : Math.Min(1, (at - time) / (time - timeBefore));
        Tensors.Latents.Combine(values, 1 + share, answer, -share, before);
    }

    /// <summary>Keeps what is shown; its distance from what was shown before.</summary>
    private double MoveTo(ReadOnlySpan<float> latents, float scale)
    {
        double sum = 0;
        for (int i = 0; i < shown.Length; i++)
        {
            float now = latents[i] * scale;
            sum += Math.Abs(now - shown[i]);
            shown[i] = now;
        }
        return sum / shown.Length;
    }

    private static double Distance(ReadOnlySpan<float> one, ReadOnlySpan<float> other)
    {
        double sum = 0;
        for (int i = 0; i < one.Length; i++) sum += Math.Abs(one[i] - other[i]);
        return sum / one.Length;
    }
}
