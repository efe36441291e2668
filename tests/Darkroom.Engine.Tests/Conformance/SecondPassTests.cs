using Darkroom.Diffusion.Noise;
using Darkroom.Diffusion.Samplers;
using Darkroom.Diffusion.Tensors;
using Darkroom.Engine.Jobs;
using Darkroom.Engine.Programs;
using Darkroom.Engine.Stages;
using Darkroom.Engine.Stages.Pictures;
using Darkroom.Imaging;
using Darkroom.Imaging.Resize;
using Darkroom.Models.Families;
using Darkroom.Models.Pool;
using Darkroom.Models.Residency;
using Darkroom.Models.Sessions;
using Darkroom.Models.Upscaling;
using Darkroom.TestKit;

namespace Darkroom.Engine.Tests.Conformance;

/// <summary>A second pass gives what two runs give that are put together by hand, alone and beside others.</summary>
public sealed class SecondPassTests : IDisposable, IRowSources
{
    private readonly IDiffusionModel model = ModelFolder.Load(Path.Combine(Repository.Root, "models", "starter"), new SessionSettings());
    private readonly Upscaler upscaler = Upscaler.Load(
        Path.Combine(Repository.Root, "models", "upscalers", "realesr-animevideov3-x2.onnx"), new() { Id = "x2", Title = "" }, new SessionSettings());

    public void Dispose()
    {
        model.Dispose();
        upscaler.Dispose();
    }

    Task<IDiffusionModel> IRowSources.ModelAsync(RowMemory row, string id, int device) => Task.FromResult(model);

    Task<Upscaler> IRowSources.UpscalerAsync(RowMemory row, string id, int device) => Task.FromResult(upscaler);

    PictureLoading IRowSources.Pictures => null!; // no picture is sent

    [Theory]
    [InlineData("ddim", "latent")]
    [InlineData("dpmpp_2m", "latent_bicubic_antialiased")]
    [InlineData("euler_ancestral", "latent_nearest_exact")]
    [InlineData("euler", "latent_antialiased")]
    [InlineData("pndm", "latent")]
    public void Latents_are_those_of_two_runs(string sampler, string way)
    {
        var request = RequestOf(sampler, new() { Width = 96, Height = 96, Upscaler = way, Steps = 7, Strength = 0.6 });
        var row = Whole(request);
        var upscale = LatentUpscale.Find(way)!;
        var first = First(request);
        var by = SecondByHand(request, LatentResize.Run(first.Latents, first.Shape, 12, 12, upscale.Filter, upscale.Antialias));
        Check($"{sampler} {way}", by, row, 1e-5);
    }

    /// <summary>Samplers count their calls and steps in ways of their own, above all where they begin late.</summary>
    [Fact]
    public void Every_sampler_runs_a_second_pass()
    {
        string[] samplers = [.. SamplerCatalog.All.Select(sampler => sampler.Name)];
        Assert.Contains("pndm", samplers);
        foreach (string sampler in samplers)
        {
            var request = RequestOf(sampler, new() { Width = 96, Height = 96, Steps = 7, Strength = 0.6 });
            var row = Whole(request);
            Assert.Equal(request.StepsShown, row.StepsDone);
            Assert.All(row.Painted!.Values, value => Assert.True(float.IsFinite(value), sampler));
        }
    }

    [Fact]
    public void Picture_between_the_passes_is_decoded_enlarged_and_encoded()
    {
        var request = RequestOf("ddim", new() { Width = 96, Height = 80, Upscaler = "x2", Steps = 6, Strength = 0.5 });
        var row = Whole(request);
        var painted = First(request).Painted!;
        var larger = UpscaleAlone.Run(
            upscaler, PixelConversion.FromNetwork(painted.Values, painted.Width, painted.Height), 2,
            new(upscaler.Description.Tile, upscaler.Description.Overlap));
        Assert.Equal((96, 96), (larger.Width, larger.Height));
        var encoded = model.Encoder!.Encode(96, 80, [PixelConversion.ToNetwork(PictureFit.To(larger, 96, 80, ResizeMode.Crop))], RunWidth.Wide)[0];
        var latents = new float[model.Description.LatentChannels * 10 * 12];
        encoded.Likeliest(latents);
        Check("upscaler", SecondByHand(request, latents), row, 1e-5);
    }

    [Fact]
    public void A_strength_of_nothing_decodes_what_was_enlarged()
    {
        var request = RequestOf("ddim", new() { Width = 64, Height = 96, Steps = 4, Strength = 0 });
        var row = Whole(request);
        var first = First(request);
        // It covers the second canvas, and what stands over on both sides is cut off.
        float[] larger = LatentResize.Run(first.Latents, first.Shape, 12, 12, LatentFilter.Bilinear);
        var cut = Enumerable.Range(0, model.Description.LatentChannels * 12 * 8).Select(i => larger[(i / 8 * 12) + 2 + (i % 8)]);
        Assert.Equal(cut, row.Latents);
        Assert.Equal(4, row.StepsDone);
    }

    [Fact]
    public void Rows_in_both_passes_share_calls_with_others_and_progress_counts_both()
    {
        GenerationRequest[] requests =
        [
            RequestOf("ddim", new() { Width = 96, Height = 96, Steps = 6, Strength = 0.5, Prompt = "green apple, 3d render" }),
            RequestOf("euler", new() { Width = 96, Height = 96, Upscaler = "x2", Steps = 5, Strength = 0.8 }),
            RequestOf("ddim", null) with { Width = 96, Height = 96, Seed = 5 },
            RequestOf("ddim", null) with { Seed = 6 },
        ];
        var alone = requests.Select(Whole).ToArray();
        var driver = new RowDriver(model);
        foreach (var request in requests) driver.Add(request, this);
        Assert.True(driver.RunMixed((_, _) => { }) > 0, "no call was shared by rows of different steps");
        for (int i = 0; i < requests.Length; i++) Check($"row {i}", alone[i], driver.Rows[i], 1e-5);
        Assert.Equal((4 + 3, 4 + 3), (driver.ProgressOf(0).Step, driver.ProgressOf(0).Steps));
        var (step, steps) = (driver.ProgressOf(1).Step, driver.ProgressOf(1).Steps);
        Assert.True(step == steps && steps > 4 + 4, $"{step} of {steps}: its tiles count too");
    }

    private static GenerationRequest RequestOf(string sampler, HiresOrder? hires) => Requests.Plain with
    {
        Model = "starter", Prompt = "red apple, 3d render", NegativePrompt = null, Sampler = sampler, Width = 48, Height = 48, Steps = 4, GuidanceScale = 2.5,
        Hires = hires,
    };

    private RowMemory Whole(GenerationRequest request)
    {
        var driver = new RowDriver(model);
        var row = driver.Add(request, this);
        driver.RunMixed((_, _) => { });
        return row;
    }

    private RowMemory First(GenerationRequest request)
    {
        var driver = new RowDriver(model);
        var once = request with { Hires = null };
        var row = driver.Add(once, StartOf(once).Sampler, NoiseOf(request));
        driver.RunMixed((_, _) => { });
        return row;
    }

    /// <summary>The latents at the second size, noised by the seed's own noise from its beginning, and denoised from there.</summary>
    private RowMemory SecondByHand(GenerationRequest request, float[] latents)
    {
        var second = request.SecondPass()!;
        var (sampler, begin) = StartOf(second);
        var noise = NoiseOf(request);
        var drawn = new float[latents.Length];
        noise.Normal(drawn);
        sampler.AddNoise(latents, drawn, begin);
        for (int i = 0; i < latents.Length; i++) latents[i] = (float)(latents[i] / sampler.InitialScale);
        var driver = new RowDriver(model);
        var row = driver.Add(second, sampler, new Begun(noise, latents));
        driver.RunMixed((_, _) => { });
        return row;
    }

    private SamplerStart StartOf(GenerationRequest request) =>
        SamplerFactory.Start(Prepare.ChoiceOf(request, model.Description, request.Width, request.Height));

    private static RowNoise NoiseOf(GenerationRequest request) => new(new TorchCpuGenerator((ulong)request.Seed), null);

    private static void Check(string name, RowMemory expected, RowMemory actual, double tolerance)
    {
        using var measure = new Measure("second pass", name);
        measure.Close("latents", expected.Latents, actual.Latents, tolerance);
        measure.Close("pixels", expected.Painted!.Values, actual.Painted!.Values, tolerance);
    }

    /// <summary>Latents in the place of the first draw, for which nothing is drawn.</summary>
    private sealed class Begun(INoiseSource inner, float[] latents) : INoiseSource
    {
        private bool given;

        public void Normal(Span<float> destination)
        {
            if (given) inner.Normal(destination);
            else latents.CopyTo(destination);
            given = true;
        }

        public void Increment(double sigma, double sigmaNext, Span<float> destination) => inner.Increment(sigma, sigmaNext, destination);
    }
}
