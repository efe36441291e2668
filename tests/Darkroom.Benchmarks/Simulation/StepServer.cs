using System.Globalization;
using Darkroom.Engine.Scheduling;
using Darkroom.Engine.Scheduling.Costs;

namespace Darkroom.Benchmarks.Simulation;

/// <summary>
/// Darkroom's engine on a virtual clock: the real step scheduler, admission, fair share and cost table decide; only how long a call takes comes
/// from <see cref="TrueCosts"/>. No thread, no sleep: the clock jumps to the next end of a call or arrival.
/// </summary>
/// <param name="noise">Standard deviation of a call's time as a share of it.</param>
internal sealed class StepServer(TrueCosts truth, SchedulingPolicy policy, double noise = 0, int seed = 1) : ISimulatedServer
{
    private readonly CostTable costs = new(truth.Traits, truth.SizeOf);
    private readonly FairShare shares = new();
    private readonly StarvationGuard guard = new(policy);
    private readonly OfferedLoad load = new();
    private readonly Random random = new(seed);
    private readonly List<Member> waiting = [];
    private readonly List<SimulatedRow> rows = [];
    private readonly List<(double End, double Seconds, Batch Batch)> running = [];
    private readonly HashSet<string> active = [];
    private readonly DeviceView device = new() { Threads = truth.Threads };
    private double now, heldUp;

    /// <summary>Sees every call when it is started: time, call, seconds that it will take.</summary>
    public Action<double, Batch, double>? Started { get; init; }

    /// <summary>Whether an evaluation fails; none does where this is null.</summary>
    public Func<Evaluation, bool>? Fails { get; init; }

    /// <summary>Sees every row that leaves, finished or not.</summary>
    public Action<double, SimulatedRow>? Left { get; init; }

    /// <summary>Jobs that are cancelled, and when.</summary>
    public Dictionary<int, double> Cancels { get; } = [];

    public string Name => "Darkroom";

    /// <summary>What was learned.</summary>
    public CostTable Costs => costs;

    public void Run(Traffic traffic)
    {
        ArgumentNullException.ThrowIfNull(traffic);
        var admission = new ClaimChoice(costs, policy);
        var scheduler = new StepScheduler(costs, policy);
        var view = new ClaimView { Threads = truth.Threads };
        var admitted = new List<int>();
        var calls = new List<Batch>();
        int lastRow = 0;
        while (waiting.Count > 0 || rows.Count > 0 || traffic.Arrivals.Count > 0)
        {
            now = Math.Max(now, Math.Min(traffic.Next, running.Count > 0 ? running.Min(static call => call.End) : double.PositiveInfinity));
            while (traffic.Next <= now) Accept(traffic.Take());
            for (int i = running.Count - 1; i >= 0; i--)
            {
                if (running[i].End > now) continue;
                var (_, seconds, batch) = running[i];
                running.RemoveAt(i);
                Apply(batch, seconds, traffic);
                scheduler.Return(batch);
            }
            Cancel();
            Share();
            Guard();

            view.Waiting.Clear();
            foreach (var member in waiting) view.Waiting.Add(new(StandingOf(member), member.Job.Count, member.Job.Denoiser, member.Job.Lanes, 0));
            view.InFlight.Clear();
            foreach (var row in rows) view.InFlight.Add(new(StandingOf(row.Member), row.Member.Job.Denoiser));
            view.RowsInFlight = rows.Count;
            view.Load = device.Load = load.At(now);
            admitted.Clear();
            admission.Decide(view, admitted);
            foreach (int index in admitted)
                for (int picture = 0; picture < waiting[index].Job.Count; picture++)
                    waiting[index].Rows.Add(Add(new SimulatedRow(++lastRow, waiting[index])));
            foreach (int index in admitted.OrderDescending()) waiting.RemoveAt(index);

            Show();
            calls.Clear();
            scheduler.Plan(device, calls);
            if (calls.Count == 0 && running.Count == 0 && rows.Count > 0)
                throw new InvalidOperationException("Rows are ready, nothing runs, and nothing was planned.");
            if (calls.Count > 0) device.Decision++;
            foreach (var batch in calls) Start(batch, traffic);
        }
    }

    private void Accept(SimulatedJob job)
    {
        waiting.Add(new Member(job));
        load.Add(now, job.Count * (Least(job.Text, job.Lanes) + job.Steps * Least(job.Denoiser, job.Lanes) + Least(job.Decoder, 1)));
    }

    private double Least(CostKey call, int lanes) => BatchChoice.MinSeconds(costs, policy, call, lanes, truth.Threads);

    private SimulatedRow Add(SimulatedRow row)
    {
        rows.Add(row);
        return row;
    }

    private void Start(Batch batch, Traffic traffic)
    {
        double seconds = truth.SecondsOf(batch.Key.Cost, batch.Evaluations.Count, batch.Width) * Math.Max(0.2, 1 + noise * Normal());
        foreach (var evaluation in batch.Evaluations)
        {
            var row = rows.Find(row => row.Number == evaluation.Row)!;
            row.InCalls++;
            if (batch.Key.Kind.IsMain && double.IsNaN(row.Member.Job.FirstStep)) row.Member.Job.FirstStep = now;
        }
        if (batch.Key.Kind.IsMain) traffic.Batches.Add(batch.Rows);
        running.Add((now + seconds, seconds, batch));
        Started?.Invoke(now, batch, seconds);
    }

    private void Apply(Batch batch, double seconds, Traffic traffic)
    {
        costs.Learn(batch.Key.Cost, batch.Evaluations.Count, batch.Width, seconds);
        bool denoises = rows.Exists(static row => row.Stage == SimulatedStage.Denoise);
        heldUp = batch.Key.Kind.IsMain || !denoises ? 0 : heldUp + seconds;
        foreach (var evaluation in batch.Evaluations)
        {
            if (rows.Find(row => row.Number == evaluation.Row) is not { } row) continue;
            row.InCalls--;
            row.Failed |= Fails?.Invoke(evaluation) ?? false;
            if (row.InCalls > 0) continue;
            if (row.Failed) Drop(row.Member);
            else Advance(row, traffic);
        }
    }

    private void Advance(SimulatedRow row, Traffic traffic)
    {
        var job = row.Member.Job;
        if (row.Stage == SimulatedStage.Denoise)
        {
            shares.Charge(job.Caller, job.MegapixelSteps);
            traffic.Served.Add((now, job.Caller, job.MegapixelSteps));
            if (++row.StepsDone < job.Steps) return;
        }
        row.Stage = row.Stage == SimulatedStage.Text ? SimulatedStage.Denoise : row.Stage == SimulatedStage.Denoise ? SimulatedStage.Decode : null;
        if (row.Stage is not null) return;
        Remove(row);
        if (++row.Member.Finished == job.Count) traffic.Ended(job, now);
    }

    private void Cancel()
    {
        if (Cancels.Count == 0) return;
        waiting.RemoveAll(member => Cancels.TryGetValue(member.Job.Number, out double at) && at <= now);
        foreach (var row in rows.ToArray())
            if (rows.Contains(row) && Cancels.TryGetValue(row.Member.Job.Number, out double at) && at <= now) Drop(row.Member);
    }

    private void Drop(Member member)
    {
        foreach (var row in member.Rows)
            if (rows.Contains(row)) Remove(row);
    }

    private void Remove(SimulatedRow row)
    {
        rows.Remove(row);
        Left?.Invoke(now, row);
    }

    private void Share()
    {
        active.Clear();
        double largest = 0;
        foreach (var member in waiting.Concat(rows.Select(static row => row.Member)))
        {
            active.Add(member.Job.Caller);
            largest = Math.Max(largest, member.Job.MegapixelSteps * member.Job.Steps * member.Job.Count);
        }
        if (active.Count > 0) shares.BeginRounds(active, largest);
    }

    private void Guard()
    {
        guard.Begin(now);
        foreach (var member in waiting) guard.Add(member.Id, StandingOf(member));
        foreach (var row in rows)
            if (row == row.Member.Rows.Find(static one => one.Stage is not null)) guard.Add(row.Member.Id, StandingOf(row.Member));
        guard.End();
    }

    private Standing StandingOf(Member member)
    {
        var job = member.Job;
        double text = costs.SecondsOf(job.Text, job.Lanes, CallWidth.Wide), step = costs.SecondsOf(job.Denoiser, job.Lanes, CallWidth.Wide);
        double decode = costs.SecondsOf(job.Decoder, 1, CallWidth.Wide), total = job.Count * (text + job.Steps * step + decode), remaining = total;
        foreach (var row in member.Rows)
            remaining -= row.Stage switch
                { SimulatedStage.Text => 0, SimulatedStage.Denoise => text + row.StepsDone * step, SimulatedStage.Decode => text + job.Steps * step, _ =>
                text + job.Steps * step + decode };
        return new Standing(now - job.Arrival, remaining, total, job.Priority, shares.IsOver(job.Caller, begun: remaining < total), guard.DebtTo(member.Id));
    }

    private void Show()
    {
        device.Clear();
        device.BusyRows = 0;
        foreach (var row in rows)
        {
            var job = row.Member.Job;
            if (row.Stage == SimulatedStage.Denoise) device.Denoising.Add(job.Denoiser);
            if (row.InCalls > 0)
            {
                device.BusyRows++;
                continue;
            }
            var call = row.Stage switch { SimulatedStage.Text => job.Text, SimulatedStage.Denoise => job.Denoiser, _ => job.Decoder };
            int lanes = row.Stage == SimulatedStage.Decode ? 1 : job.Lanes;
            if (device.Threads > 1) device.Narrow.Add(call);
            device.Rows.Add(new ReadyRow(row.Number, StandingOf(row.Member), device.Evaluations.Count, lanes,
                row.Stage == SimulatedStage.Text ? job.Denoiser : null));
            for (int lane = 0; lane < lanes; lane++)
                device.Evaluations.Add(new Evaluation(row.Number, lane, new BatchKey(call.Model, call.Kind, call.Shape, "", null)));
        }
        device.FreeThreads = device.Threads - running.Sum(call => call.Batch.Width == CallWidth.Wide ? device.Threads : 1);
        device.HeldUp = heldUp;
        device.Backlog = waiting.Sum(static member => member.Job.Count);
    }

    private double Normal() => noise == 0 ? 0 : Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());

    /// <summary>A job inside.</summary>
    public sealed class Member(SimulatedJob job)
    {
        public SimulatedJob Job { get; } = job;

        public string Id { get; } = job.Number.ToString(CultureInfo.InvariantCulture);

        public List<SimulatedRow> Rows { get; } = [];

        public int Finished { get; set; }
    }

    /// <summary>Where a picture is.</summary>
    public enum SimulatedStage { Text, Denoise, Decode }

    /// <summary>A picture inside.</summary>
    public sealed class SimulatedRow(int number, Member member)
    {
        public int Number { get; } = number;

        public Member Member { get; } = member;

        /// <summary>Null once it is decoded.</summary>
        public SimulatedStage? Stage { get; set; } = SimulatedStage.Text;

        public int StepsDone { get; set; }

        /// <summary>Its evaluations in running calls.</summary>
        public int InCalls { get; set; }

        public bool Failed { get; set; }
    }
}
