using Darkroom.Engine.Scheduling;
using FsCheck.Xunit;

namespace Darkroom.Engine.Tests.Scheduling;

public sealed class ClaimChoiceTests
{
    private static readonly SchedulingPolicy Policy = new();
    private static readonly FormulaCosts Flat = new(0.1, 0.0001), Linear = new(0, 0.1);

    private static List<int> Decide(ClaimView view, ICallCosts costs)
    {
        var admitted = new List<int>();
        new ClaimChoice(costs, Policy).Decide(view, admitted);
        return admitted;
    }

    private static WaitingJob Job(double seconds, int rows = 1, int side = 512, long bytes = 1) =>
        new(Views.Fresh(seconds), rows, Views.Denoiser(side), 2, bytes);

    [Fact]
    public void As_many_come_in_as_run_at_once()
    {
        var view = new ClaimView();
        for (int i = 0; i < 20; i++) view.Waiting.Add(Job(1));
        Assert.Equal(Enumerable.Range(0, 8), Decide(view, Flat));
        view = new ClaimView();
        for (int i = 0; i < 20; i++) view.Waiting.Add(Job(1));
        Assert.Equal([0], Decide(view, Linear));
    }

    [Fact]
    public void Jobs_alike_stand_in_for_chosen_ones_in_order_and_no_others()
    {
        var view = new ClaimView();
        var other = Views.Denoiser() with { Model = "other" };
        view.Waiting.AddRange([Job(1), Job(5), Job(3), new WaitingJob(Views.Fresh(2), 1, other, 2, 1), Job(2, rows: 2), Job(2, bytes: 9), Job(4)]);
        view.Waiting.Add(Job(2) with { Standing = Views.Fresh(2) with { Priority = Darkroom.Engine.Jobs.JobPriority.High } });
        view.Waiting.Add(Job(2) with { RunsAlone = true });
        var choice = new ClaimChoice(Linear, Policy);
        var chosen = new List<int>();
        choice.Decide(view, chosen);
        Assert.Equal([7], chosen);
        choice.AddStandIns(view, chosen);
        Assert.Equal([7], chosen); // nobody is like it
        view.Waiting.RemoveAt(7);
        chosen.Clear();
        choice.Decide(view, chosen);
        choice.AddStandIns(view, chosen);
        Assert.Equal([0, 2, 6, 1], chosen);
    }

    [Fact]
    public void Narrow_calls_let_one_in_for_each_thread()
    {
        var view = new ClaimView { Threads = 2 };
        for (int i = 0; i < 20; i++) view.Waiting.Add(Job(1));
        Assert.Equal([0, 1], Decide(view, new FormulaCosts(0, 0.1, narrow: 1.4)));
    }

    [Fact]
    public void Shorter_one_comes_in_beside_a_row_that_will_pause()
    {
        var view = new ClaimView { RowsInFlight = 1 };
        view.InFlight.Add(new RowInFlight(Views.Fresh(9), Views.Denoiser(1024)));
        view.Waiting.AddRange([Job(20, side: 1024), Job(1)]);
        Assert.Equal([1], Decide(view, Linear));
    }

    [Fact]
    public void One_of_a_kind_that_has_room_passes_one_that_would_only_wait()
    {
        var view = new ClaimView { RowsInFlight = 1 };
        view.InFlight.Add(new RowInFlight(Views.Fresh(0.5), Views.Denoiser()));
        view.Waiting.AddRange([new WaitingJob(Views.Fresh(1), 1, Views.Denoiser(1024) with { Model = "other" }, 400, 1), Job(2)]);
        // The other model's calls gain nothing from a second row here; ours hardly grow.
        Assert.Equal([1], Decide(view, new FormulaCosts(0.1, 0.0001) { Max = 200 }));
    }

    [Fact]
    public void Larger_than_what_is_allowed_comes_in_alone()
    {
        var view = new ClaimView { MaxRows = 4, Bytes = 10 };
        view.Waiting.Add(Job(1, rows: 6, bytes: 100));
        Assert.Equal([0], Decide(view, Flat));
        view = new ClaimView { MaxRows = 4, Bytes = 10, RowsInFlight = 1 };
        view.InFlight.Add(new RowInFlight(Views.Fresh(5), Views.Denoiser()));
        view.Waiting.Add(Job(1, rows: 6, bytes: 100));
        Assert.Empty(Decide(view, Flat));
    }

    [Fact]
    public void Nobody_slips_past_one_that_waits_for_memory()
    {
        var view = new ClaimView { Bytes = 10, RowsInFlight = 1 };
        view.Take(5);
        view.InFlight.Add(new RowInFlight(Views.Fresh(5), Views.Denoiser()));
        view.Waiting.AddRange([Job(1, bytes: 100), Job(2, bytes: 1)]);
        Assert.Empty(Decide(view, Flat));
    }

    [Fact]
    public void Small_ones_pass_large_ones_in_what_is_kept_for_them()
    {
        var view = new ClaimView { Bytes = 160, RowsInFlight = 1 }; // 40 are kept for those of up to 10
        view.Take(1000);
        Assert.Equal(120, view.TakenBytes);
        view.InFlight.Add(new RowInFlight(Views.Fresh(5), Views.Denoiser()));
        long[] sizes = [100, 10, 11, 10, 10, 10, 10];
        view.Waiting.AddRange(sizes.Select((bytes, index) => Job(1 + index, bytes: bytes)));
        Assert.Equal([1, 3, 4, 5], Decide(view, Flat));
        Assert.Equal(40, view.SmallBytes);
    }

    [Fact]
    public void A_large_one_goes_beside_small_ones_when_no_other_large_one_is_there()
    {
        var view = new ClaimView { Bytes = 160, RowsInFlight = 4 };
        for (int i = 0; i < 4; i++) view.Take(10);
        view.InFlight.Add(new RowInFlight(Views.Fresh(5), Views.Denoiser()));
        view.Waiting.AddRange([Job(1, bytes: 1000), Job(2, bytes: 100)]);
        Assert.Equal([0], Decide(view, Flat));
    }

    [Fact]
    public void One_that_runs_alone_comes_in_when_nothing_is_in_flight_and_nobody_beside_it()
    {
        var view = new ClaimView();
        view.Waiting.AddRange([Job(2), Job(1) with { RunsAlone = true }, Job(1) with { RunsAlone = true }]);
        Assert.Equal([1], Decide(view, Flat));
        (view.IsAlone, view.RowsInFlight, view.JobsInFlight) = (true, 1, 1);
        Assert.Empty(Decide(view, Flat));
        (view.IsAlone, view.RowsInFlight) = (false, 0); // a picture of another is still being stored
        Assert.Empty(Decide(view, Flat));
    }

    [Theory]
    [InlineData(1, 0, 0)] // it stands before the others
    [InlineData(9, ClaimChoice.AloneAfter, 0)]
    [InlineData(9, 0, 0.1)]
    public void Nobody_comes_in_before_one_that_runs_alone_when_its_turn_has_come(double seconds, double age, double debt)
    {
        var view = new ClaimView { RowsInFlight = 1, JobsInFlight = 1 };
        view.InFlight.Add(new RowInFlight(Views.Fresh(9), Views.Denoiser()));
        var alone = Job(seconds) with { Standing = Views.Fresh(seconds) with { Age = age, Debt = debt }, RunsAlone = true };
        view.Waiting.AddRange([Job(2), alone]);
        Assert.Empty(Decide(view, Flat));
        view.InFlight.Clear();
        (view.RowsInFlight, view.JobsInFlight) = (0, 0);
        Assert.Equal([1], Decide(view, Flat));
    }

    [Fact]
    public void Others_that_stand_before_one_that_runs_alone_come_in_for_a_while()
    {
        var view = new ClaimView { RowsInFlight = 1, JobsInFlight = 1 };
        view.InFlight.Add(new RowInFlight(Views.Fresh(9), Views.Denoiser()));
        view.Waiting.AddRange([Job(5) with { RunsAlone = true }, Job(2), Job(6)]);
        Assert.Equal([1, 2], Decide(view, Flat));
    }

    [Property(MaxTest = 500)]
    public void Never_beyond_rows_or_memory_unless_alone_and_never_idle(int seed)
    {
        var random = new Random(seed);
        var view = new ClaimView { MaxRows = 1 + random.Next(12), Bytes = 1 + random.Next(20), Threads = 1 + random.Next(2),
            Devices = 1 + random.Next(2), Load = random.NextDouble() * 0.9 };
        for (int i = random.Next(4); i > 0; i--) view.InFlight.Add(new RowInFlight(Views.AnyStanding(random), Views.Denoiser(512 * (1 + random.Next(2)))));
        view.RowsInFlight = view.InFlight.Count;
        for (int i = random.Next(12); i > 0; i--)
            view.Waiting.Add(new WaitingJob(Views.AnyStanding(random), 1 + random.Next(4), Views.Denoiser(512 * (1 + random.Next(2))),
                1 + random.Next(2), random.Next(8), random.Next(5) == 0));
        var admitted = Decide(view, new FormulaCosts(random.NextDouble() * 0.1, random.NextDouble() * 0.1, 1 + random.NextDouble()));

        Assert.Equal(admitted.Count, admitted.Distinct().Count());
        Assert.True(view.RowsInFlight + admitted.Count <= 1 || !admitted.Exists(index => view.Waiting[index].RunsAlone));
        int rows = view.RowsInFlight + admitted.Sum(index => view.Waiting[index].Rows);
        bool isAlone = view.RowsInFlight == 0 && admitted.Count == 1;
        Assert.True(isAlone || admitted.Count == 0 || rows <= view.MaxRows);
        Assert.True(isAlone || admitted.Count == 0 || view.TakenBytes <= view.Bytes);
        Assert.True(admitted.Count > 0 || view.RowsInFlight > 0 || view.Waiting.Count == 0, "With nothing in flight the first comes in.");
        for (int i = 1; i < admitted.Count; i++)
            Assert.True(Standing.Compare(view.Waiting[admitted[i - 1]].Standing, view.Waiting[admitted[i]].Standing, Policy) <= 0);
    }
}
