using Darkroom.Diffusion.Samplers;
using Darkroom.Diffusion.Tests.Conformance;

namespace Darkroom.Diffusion.Tests.Samplers.KDiffusion;

/// <summary>What our sampler did with a stored case.</summary>
internal sealed class GoldenRun
{
    private GoldenRun(SamplerState state) => State = state;

    /// <summary>As the pack lists them: the start, the latents at the head of each step where they differ from it, the result.</summary>
    public List<float[]> States { get; } = [];

    public List<double> CallSigmas { get; } = [];

    public IReadOnlyList<StoredDraw> Draws { get; private set; } = [];

    public SamplerState State { get; private set; }

    /// <summary>Bytes allocated by Next and Advance.</summary>
    public long Allocated { get; private set; }

    public static GoldenRun Of(GoldenCase golden, Func<SamplerState, SamplerState>? afterCall = null, bool checkAllocation = false)
    {
        var sampler = golden.Sampler;
        float[] latents = golden.FirstLatents();
        float[] scaled = new float[latents.Length], output = new float[latents.Length];
        var noise = golden.Noise();
        INoiseSource source = checkAllocation ? new Silence() : noise;
        var run = new GoldenRun(new SamplerState(sampler, latents.Length));
        run.States.Add([.. latents]);
        sampler.Start(run.State, latents, source);
        int step = -1;
        while (sampler.Next(run.State, out var call))
        {
            run.CallSigmas.Add(call.Sigma);
            // The adaptive rule is reported after its steps, the others at the head of them.
            if (call.Step != step && !(call.Step == 0 && latents.AsSpan().SequenceEqual(run.States[0])))
                run.States.Add([.. latents]);
            step = call.Step;
            golden.Evaluate(call, latents, scaled, output);
            long before = GC.GetAllocatedBytesForCurrentThread();
            sampler.Advance(run.State, output, latents, source);
            sampler.Next(run.State, out _);
            run.Allocated += GC.GetAllocatedBytesForCurrentThread() - before;
            if (afterCall is not null) run.State = afterCall(run.State);
        }
        run.States.Add([.. latents]);
        if (golden.Json.TryGetProperty("info", out _)) run.States.Add([.. latents]);
        run.Draws = noise.Draws;
        return run;
    }

    /// <summary>Draws of nothing, for measuring what the sampler itself allocates.</summary>
    private sealed class Silence : INoiseSource
    {
        public void Normal(Span<float> destination) => destination.Clear();

        public void Increment(double sigma, double sigmaNext, Span<float> destination) => destination.Clear();
    }
}
