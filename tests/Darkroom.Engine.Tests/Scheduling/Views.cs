using Darkroom.Diffusion.Tensors;
using Darkroom.Engine.Jobs;
using Darkroom.Engine.Scheduling;

namespace Darkroom.Engine.Tests.Scheduling;

/// <summary>Costs by a formula: a fixed part, a part for each evaluation, and how much longer narrow calls take.</summary>
internal sealed class FormulaCosts(double fixedSeconds, double each, double narrow = 2) : ICallCosts
{
    public int Most { get; init; } = int.MaxValue;

    public Func<int, CallWidth, bool> Measured { get; init; } = static (_, _) => true;

    public double SecondsOf(in CallShape call, int evaluations, CallWidth width) =>
        (fixedSeconds + each * evaluations) * call.Shape.Height / 64.0 * (width == CallWidth.Narrow ? narrow : 1);

    public bool IsMeasured(in CallShape call, int evaluations, CallWidth width) => Measured(evaluations, width);

    public int MostOf(in CallShape call) => Most;
}

/// <summary>Devices and standings that tests put together.</summary>
internal static class Views
{
    public static CallShape Denoiser(int side = 512) => new("sd", NetworkStage.Denoise, new LatentShape(4, side / 8, side / 8));

    public static CallShape Text { get; } = new("sd", NetworkStage.EncodeText, new LatentShape(0, 8, 0));

    /// <summary>A row with so many evaluations of one call.</summary>
    public static void Add(this DeviceView view, int row, CallShape call, int lanes, Standing standing, CallShape? joins = null)
    {
        view.Rows.Add(new ReadyRow(row, standing, view.Evaluations.Count, lanes, joins));
        for (int lane = 0; lane < lanes; lane++)
            view.Evaluations.Add(new Evaluation(row, lane, new BatchKey(call.Model, call.Stage, call.Shape, "", null)));
        if (call.Stage == NetworkStage.Denoise) view.Denoising.Add(call);
        if (view.Threads > 1) view.Narrow.Add(call);
    }

    /// <summary>A job that was accepted a moment ago.</summary>
    public static Standing Fresh(double seconds, double age = 0) => new(age, seconds, seconds);

    public static List<Batch> Plan(this StepScheduler scheduler, DeviceView view)
    {
        var calls = new List<Batch>();
        scheduler.Plan(view, calls);
        return calls;
    }

    public static Standing AnyStanding(Random random)
    {
        double total = Math.Exp(random.NextDouble() * 8 - 4);
        return new Standing(random.Next(3) == 0 ? 0 : random.NextDouble() * 100, total * random.NextDouble(), total, (JobPriority)random.Next(3),
            random.Next(4) == 0);
    }

    /// <summary>Rows of a few sizes and stages, some with lanes of two keys, on a device of one to three threads, some of them taken.</summary>
    public static DeviceView Any(Random random)
    {
        int threads = 1 + random.Next(3);
        var view = new DeviceView
        {
            Threads = threads, FreeThreads = random.Next(threads + 1), Backlog = random.Next(3) * random.Next(20),
            Load = random.Next(2) * 0.9 * random.NextDouble(),
            HeldUp = random.Next(2) * random.NextDouble() * 0.5, Decision = random.Next(40),
        };
        view.BusyRows = threads - view.FreeThreads;
        int rows = random.Next(12);
        for (int row = 1; row <= rows; row++)
        {
            var stage = (NetworkStage)random.Next(5);
            int side = 512 + 256 * random.Next(3);
            var call = stage == NetworkStage.EncodeText ? Text : Denoiser(side) with { Stage = stage };
            view.Add(row, call, stage == NetworkStage.Decode ? 1 : 1 + random.Next(3), AnyStanding(random),
                stage == NetworkStage.EncodeText ? Denoiser(side) : null);
            if (random.Next(5) > 0) continue;
            // A lane of another kind: a conditioning of another length.
            var ready = view.Rows[^1];
            view.Evaluations.Add(new Evaluation(row, ready.Count, view.Evaluations[^1].Key with { Signature = "long" }));
            view.Rows[^1] = ready with { Count = ready.Count + 1 };
        }
        return view;
    }
}
