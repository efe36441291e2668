using Darkroom.Diffusion.Samplers;
using Darkroom.Engine.Jobs;
using Darkroom.Imaging;
using Darkroom.Imaging.Canvas;

namespace Darkroom.Engine.Tests.Execution;

/// <summary>A sampler that has little or nothing left to do gives a picture or fails its own job, and never harms a neighbour.</summary>
public sealed class FewStepsTests
{
    private static readonly Picture Photo = new(32, 32, 3, [.. Enumerable.Range(0, 32 * 32 * 3).Select(i => (byte)(i * 7 % 251))]);

    public static TheoryData<string> Samplers => [.. SamplerCatalog.All.Select(sampler => sampler.Name)];

    [Theory]
    [MemberData(nameof(Samplers))]
    public async Task One_to_three_steps_and_all_that_strength_leaves_of_them_give_a_picture_or_fail_alone(string sampler)
    {
        var cancellation = TestContext.Current.CancellationToken;
        using var alone = new EngineHarness();
        var single = await alone.SubmitAsync(Requests.Plain with { Metadata = false, Steps = 30 });
        await alone.RunAsync();
        string[] neighbour = await alone.HashesAsync(single.Id);

        using var engine = new EngineHarness();
        var beside = await engine.SubmitAsync(Requests.Plain with { Metadata = false, Steps = 30 });
        var jobs = new List<Job>();
        async Task<InputPicture> SentAsync(Picture picture) => new(
            await engine.Inputs.SendAsync(PictureEncoder.Encode(picture, PictureFormat.Png, 90, null), cancellation), picture.Width, picture.Height);
        for (int steps = 1; steps <= 3; steps++)
        {
            var plain = Requests.Plain with { Sampler = sampler, Steps = steps, Metadata = false };
            jobs.Add(await engine.SubmitAsync(plain));
            for (int left = 1; left <= steps; left++)
            {
                double strength = Math.Min(1, (left + 0.01) / steps); // so many steps are left
                jobs.Add(await engine.SubmitAsync(plain with
                {
                    Task = GenerationTask.Img2img, Edit = new PictureEdit { Picture = await SentAsync(Photo), Strength = strength },
                }));
                var mask = Picture.Blank(32, 32, 1);
                for (int y = 8; y < 24; y++) mask.Row(y)[8..24].Fill(255);
                jobs.Add(await engine.SubmitAsync(plain with
                {
                    Task = GenerationTask.Inpaint,
                    Edit = new PictureEdit { Picture = await SentAsync(Photo), Strength = strength, Mask = new MaskEdit { Picture = await SentAsync(mask) } },
                }));
                jobs.Add(await engine.SubmitAsync(plain with
                {
                    Task = GenerationTask.Outpaint, Width = 56, Height = 32,
                    Edit = new PictureEdit { Picture = await SentAsync(Photo), Strength = strength, Extension = new CanvasExtension(16, 8, 0, 0, 4) },
                }));
            }
        }
        await engine.RunAsync();

        Assert.Equal(neighbour, await engine.HashesAsync(beside.Id));
        bool blends = SamplerCatalog.Find(sampler)!.CanBlend;
        foreach (var submitted in jobs)
        {
            var job = await engine.JobAsync(submitted.Id);
            string what = $"{sampler}, {job.Request.Task}, {job.Request.Steps} steps, strength {job.Request.Edit?.Strength}: {job.Failure}";
            if (job.State == JobState.Succeeded) continue;
            Assert.True(job.State == JobState.Failed, what);
            // The failure says what is wrong with the request: it is no accident in a row.
            Assert.True(job.Failure!.Kind != JobFailureKind.Internal, what);
            Assert.True(!blends || job.Request.Task is GenerationTask.Txt2img or GenerationTask.Img2img, what);
        }
    }
}
