using Darkroom.Diffusion.Tensors;
using Darkroom.Engine.Scheduling;
using FsCheck;
using FsCheck.Fluent;
using FsCheck.Xunit;

namespace Darkroom.Engine.Tests.Scheduling;

public sealed class StepSchedulerTests
{
    [Fact]
    public void Rows_of_one_key_share_a_batch_and_a_guidance_pair_counts_once()
    {
        var plan = StepScheduler.Plan([Denoise(1, 0), Denoise(1, 1), Denoise(2, 0), Denoise(2, 1), Denoise(3, 0)], maxRows: 2);
        Assert.Equal([2, 1], plan.Batches.Select(batch => batch.Rows));
        Assert.Equal([4, 1], plan.Batches.Select(batch => batch.Evaluations.Count));
    }

    [Fact]
    public void Rows_of_different_shape_length_model_or_shared_timestep_do_not_share()
    {
        var key = Key();
        BatchKey[] keys = [key, key with { Shape = new LatentShape(4, 8, 12) }, key with { Signature = "[154,768]" }, key with { Model = "b" }, key with { Timestep = 7 }];
        var plan = StepScheduler.Plan([.. keys.Select((one, row) => new Evaluation(row, 0, one))], maxRows: 8);
        Assert.Equal(keys, plan.Batches.Select(batch => batch.Key));
    }

    [Fact]
    public void Nothing_ready_is_an_empty_plan() => Assert.True(StepScheduler.Plan([], 8).IsEmpty);

    [Property]
    public Property Every_ready_evaluation_is_planned_once_and_no_batch_is_larger_than_allowed()
    {
        var rows = Gen.ListOf(Gen.Choose(0, 3).SelectMany(key => Gen.Choose(1, 2).Select(lanes => (key, lanes))));
        return Prop.ForAll(Arb.From(rows), Arb.From(Gen.Choose(1, 5)), (list, maxRows) =>
        {
            var ready = list.SelectMany((row, number) => Enumerable.Range(0, row.lanes).Select(lane => new Evaluation(number, lane, Key() with { Model = $"{row.key}" }))).ToArray();
            var plan = StepScheduler.Plan(ready, maxRows);
            var planned = plan.Batches.SelectMany(batch => batch.Evaluations).ToArray();
            return planned.Length == ready.Length
                && planned.ToHashSet().SetEquals(ready)
                && plan.Batches.All(batch => batch.Rows <= maxRows && batch.Evaluations.All(one => one.Key.Equals(batch.Key)))
                // the lanes of a row are never torn apart
                && plan.Batches.SelectMany((batch, at) => batch.Evaluations.Select(one => (one.Row, at))).GroupBy(pair => pair.Row).All(group => group.Select(pair => pair.at).Distinct().Count() == 1);
        });
    }

    private static BatchKey Key() => new("a", NetworkStage.Denoise, new LatentShape(4, 8, 8), "[77,768]", null);

    private static Evaluation Denoise(int row, int lane) => new(row, lane, Key());
}
