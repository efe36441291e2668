using System.Numerics.Tensors;
using Darkroom.Diffusion.Samplers;
using Darkroom.Diffusion.Tests.Conformance;

namespace Darkroom.Diffusion.Tests.Samplers;

/// <summary>All that one run of a sampler showed.</summary>
internal sealed class Trajectory(int length)
{
    /// <summary>The start, then the latents after every call.</summary>
    public List<float[]> States { get; } = [];

    /// <summary>What the network saw at every call.</summary>
    public List<float[]> Inputs { get; } = [];

    public List<float[]> Denoised { get; } = [];

    public List<EvaluationPoint> Calls { get; } = [];

    /// <summary>Draws that each call took.</summary>
    public List<StoredDraw[]> Draws { get; } = [];

    /// <summary>Most bytes that Next and Advance of one call allocated.</summary>
    public long Allocated { get; private set; }

    public void Run(DiffusersCase golden, ReadOnlySpan<float> start, int begin, StoredNoise noise, int firstBatch, bool pause)
    {
        var sampler = golden.Sampler;
        var state = new SamplerState(sampler, length, begin);
        float[] latents = start.ToArray();
        States.Add(latents.ToArray());
        sampler.Start(state, latents, noise);
        while (true)
        {
            long before = GC.GetAllocatedBytesForCurrentThread();
            bool wanted = sampler.Next(state, out var call);
            long used = GC.GetAllocatedBytesForCurrentThread() - before;
            if (!wanted) return;

            var input = new float[length];
            TensorPrimitives.Multiply(latents, (float)call.InputScale, input);
            var output = new float[length];
            golden.Model.Evaluate(input, call.Timestep, DiffusersCase.Shape[1], DiffusersCase.Shape[2] * DiffusersCase.Shape[3], output, firstBatch);

            int drawn = noise.Draws.Count;
            before = GC.GetAllocatedBytesForCurrentThread();
            sampler.Advance(state, output, latents, noise);
            Allocated = Math.Max(Allocated, used + GC.GetAllocatedBytesForCurrentThread() - before);

            Calls.Add(call);
            Inputs.Add(input);
            Denoised.Add(state.Denoised.ToArray());
            States.Add(latents.ToArray());
            Draws.Add([.. noise.Draws.Skip(drawn)]);
            if (pause)
                state = SamplerStateFormat.Read(sampler, SamplerStateFormat.Write(state));
        }
    }

    /// <summary>Puts a row of the same batch behind those here.</summary>
    public void Join(Trajectory row)
    {
        Allocated = Math.Max(Allocated, row.Allocated);
        if (States.Count == 0)
        {
            Calls.AddRange(row.Calls);
            Draws.AddRange(row.Draws);
        }
        Append(States, row.States);
        Append(Inputs, row.Inputs);
        Append(Denoised, row.Denoised);
    }

    private static void Append(List<float[]> to, List<float[]> from)
    {
        for (int i = 0; i < from.Count; i++)
        {
            if (i == to.Count) to.Add([]);
            to[i] = [.. to[i], .. from[i]];
        }
    }
}
