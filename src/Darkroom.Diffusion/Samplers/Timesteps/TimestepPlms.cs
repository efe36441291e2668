using Darkroom.Diffusion.Prediction;
using Darkroom.Diffusion.Tensors;

namespace Darkroom.Diffusion.Samplers.Timesteps;

/// <summary>
/// Pseudo linear multistep (Liu et al. 2022, "PNDM") as A1111 runs it: the first step is tried and done again with the mean of the noise at both of its
/// ends; after it the last answers are joined by Adams and Bashforth's weights.
/// </summary>
internal sealed class TimestepPlms(TimestepRun run, PredictionType prediction) : TimestepSampler(run, Calls(run), prediction)
{
    private const int Origin = 1, FirstAnswer = 2;

    private static readonly double[][] Weights =
    [
        [1], [3 / 2.0, -1 / 2.0], [23 / 12.0, -16 / 12.0, 5 / 12.0], [55 / 24.0, -59 / 24.0, 37 / 24.0, -9 / 24.0],
    ];

    private readonly SlotRing answers = new(FirstAnswer, Size: 4);

    /// <summary>0 denoised, 1 x before the first step, then the noise of the last steps, and the mix of them.</summary>
    public override int SlotCount => FirstAnswer + 4 + 1;

    protected override int StepOf(int index) => Math.Max(0, index - 1);

    public override void Advance(SamplerState state, ReadOnlySpan<float> output, Span<float> latents, INoiseSource noise)
    {
        Span<float> mix = state.Slot(SlotCount - 1), origin = state.Slot(Origin);
        int step = StepOf(state.Index);
        if (state.Index == 1)
        {
            // x ← the first step from where it began, with (ε + ε′)/2.
            Read(state, output, latents, mix);
            Latents.Combine(mix, 0.5, mix, 0.5, answers.Entry(state, 0));
            Step(origin, mix, 0, latents);
        }
        else
        {
            var answer = answers.Entry(state, step);
            Read(state, output, latents, answer);
            if (state.Index == 0) latents.CopyTo(origin);
            double[] weights = Weights[Math.Min(step, Weights.Length - 1)];
            Latents.Scale(mix, weights[0], answer);
            for (int back = 1; back < weights.Length; back++) Latents.Add(mix, weights[back], answers.Entry(state, step - back));
            Step(latents, mix, step, latents);
        }
        state.Index++;
    }

    /// <summary>result ← √ᾱ′·(x − √(1 − ᾱ)·ε)/√ᾱ + √(1 − ᾱ′)·ε</summary>
    private void Step(ReadOnlySpan<float> x, ReadOnlySpan<float> epsilon, int step, Span<float> result)
    {
        double ratio = Math.Sqrt(NextBar(step) / Bar(step));
        Latents.Combine(result, ratio, x, Math.Sqrt(1 - NextBar(step)) - ratio * Math.Sqrt(1 - Bar(step)), epsilon);
    }

    private static double[] Calls(TimestepRun run)
    {
        double[] falling = [.. run.Listed.Skip(1).Reverse().Select(t => (double)t)];
        return falling.Length == 0 ? [] : [falling[0], run.Listed[^2], .. falling[1..]];
    }
}
