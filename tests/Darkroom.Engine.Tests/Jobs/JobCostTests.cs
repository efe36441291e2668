using Darkroom.Engine.Jobs;

namespace Darkroom.Engine.Tests.Jobs;

public sealed class JobCostTests
{
    private static readonly GenerationRequest Plain = Requests.Plain with { Width = 1000, Height = 500, Steps = 20, Count = 1, GuidanceScale = 7 };

    [Fact]
    public void Guidance_pair_over_a_megapixel_counts_one() => Assert.Equal(0.5 * 20, JobCost.MegapixelSteps(Plain), 9);

    [Fact]
    public void Unguided_job_costs_half_and_every_picture_counts()
    {
        Assert.Equal(0.5 * 20 / 2, JobCost.MegapixelSteps(Plain with { GuidanceScale = 1 }), 9);
        Assert.Equal(3 * 0.5 * 20, JobCost.MegapixelSteps(Plain with { Count = 3 }), 9);
    }

    [Fact]
    public void Steps_that_strength_leaves_out_cost_nothing()
    {
        var edit = new PictureEdit { Picture = new("a", 64, 64), Strength = 0.25 };
        Assert.Equal(5, (Plain with { Edit = edit }).StepsRun);
        Assert.Equal(0.5 * 5, JobCost.MegapixelSteps(Plain with { Task = GenerationTask.Img2img, Edit = edit }), 9);
    }

    [Fact]
    public void Upscaled_pixels_count_once_each()
    {
        Assert.Equal(0.5 * 20 + 0.5, JobCost.MegapixelSteps(Plain with { Upscale = new("u", 2) }), 9);
        var alone = Plain with { Task = GenerationTask.Upscale, Upscale = new("u", 2), Edit = new() { Picture = new("a", 2000, 1000), Strength = 1 } };
        Assert.Equal(2, JobCost.MegapixelSteps(alone), 9);
    }

    [Fact]
    public void Second_pass_counts_at_its_own_size()
    {
        var hires = new HiresOrder { Width = 2000, Height = 1000, Steps = 10, Strength = 0.5 };
        Assert.Equal(0.5 * 20 + 2 * 5, JobCost.MegapixelSteps(Plain with { Hires = hires }), 9);
        Assert.Equal(0.5 * 20 + 2 * 5 + 2, JobCost.MegapixelSteps(Plain with { Hires = hires, Upscale = new("u", 2) }), 9);
    }

    [Fact]
    public void Job_that_ended_counts_where_it_succeeded_and_a_classification_what_it_took()
    {
        var job = new Job { Id = "1", Request = Plain, CreatedAt = default, State = JobState.Succeeded };
        Assert.Equal(0.5 * 20, JobCost.MegapixelSteps(job), 9);
        Assert.Equal(0, JobCost.MegapixelSteps(job with { State = JobState.Cancelled }));

        var found = new Classification([], 0, 1, Evaluations: 12);
        var result = new JobResult([], [], new(0, 0, 0, 0, 0, 20, 1), "") { Finding = new() { Classification = found } };
        Assert.Equal(0.5 * 12 / 2, JobCost.MegapixelSteps(job with { Result = result }), 9);
    }
}
