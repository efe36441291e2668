using Darkroom.Diffusion.Tensors;
using Darkroom.Engine.Estimates;
using Darkroom.Engine.Execution;
using Darkroom.Engine.Jobs;
using Darkroom.Engine.Programs;
using Darkroom.Engine.Queue;
using Darkroom.Engine.Scheduling;
using Darkroom.Engine.Stages;
using Darkroom.Imaging;
using Darkroom.Imaging.Resize;
using Darkroom.Models.Catalog;
using Darkroom.Models.Families;
using Darkroom.Models.Pool;
using Darkroom.Models.Residency;
using Darkroom.Models.Sessions;
using Darkroom.Models.Upscaling;
using Darkroom.TestKit;

namespace Darkroom.Engine.Tests.Estimates;

/// <summary>When an autoencoder takes a picture in tiles, what that makes of admission and of a job's length, and what it does to the picture.</summary>
public sealed class AutoencoderTilesTests
{
    private const long MiB = 1 << 20;

    /// <summary>Pixels: twelve times the starter's.</summary>
    private const int Side = 768;

    private const double MaxStep = 3;

    /// <summary>SDXL's proportions: its denoiser attends at a quarter of the cells, so that the decoder needs the most.</summary>
    private static readonly ModelDescription Large = new()
    {
        Id = "large", Title = "large", LatentFactor = 8, MaxSize = 4096, SizeStep = 32, Denoiser = new(10, 320) { AttentionLevel = 2 },
        Parts = [new("unet", 100 * MiB)],
    };

    [Fact]
    public void Picture_whose_whole_fits_is_taken_whole()
    {
        Assert.Null(AutoencoderTiles.Of(Large, 1024, 1024, Options(8192)));
        Assert.Equal(MemoryEstimate.DecoderBytes(Large, 1024, 1024), AutoencoderTiles.BytesOf(Large, 1024, 1024, Options(8192)));
    }

    [Theory]
    [InlineData(2048, 2048, 4096)]
    [InlineData(2048, 1024, 2048)]
    [InlineData(4096, 512, 1024)]
    public void Tiles_are_as_large_as_fit_and_cover_the_picture(int width, int height, long limit)
    {
        var plan = AutoencoderTiles.Of(Large, width, height, Options(limit))!;
        Assert.Equal((width / 8, height / 8), (plan.Width, plan.Height));
        long bytes = AutoencoderTiles.BytesOf(Large, width, height, Options(limit));
        Assert.InRange(bytes, limit * MiB / 3, limit * MiB);
        Assert.Equal(bytes, MemoryEstimate.DecoderBytes(Large, plan.Window.Width * 8, plan.Window.Height * 8));
    }

    [Fact]
    public void Setting_makes_tiles_of_larger_pictures_alone()
    {
        var options = Options(8192) with { VaeTile = 512 };
        Assert.Null(AutoencoderTiles.Of(Large, 512, 512, options));
        Assert.Equal((2, 1), AutoencoderTiles.Of(Large, 1024, 512, options) is { } plan ? (plan.Horizontal.Count, plan.Vertical.Count) : default);
        Assert.Null(AutoencoderTiles.Of(Large with { FixedSize = new(1024, 1024) }, 1024, 1024, options));
    }

    [Fact]
    public void Canvas_that_fits_in_tiles_alone_is_admitted_and_one_that_never_fits_is_not()
    {
        var request = Requests.Plain with { Model = Large.Id, Width = 2048, Height = 2048, GuidanceScale = 1 };
        Assert.True(MemoryEstimate.DecoderBytes(Large, 2048, 2048) > 4096 * MiB);
        Assert.Null(Check(Options(4096)).TooLarge(request));
        var refused = Check(Options(64)).TooLarge(request);
        Assert.NotNull(refused);
        Assert.True(refused.EstimatedBytes > 64 * MiB);
    }

    [Fact]
    public void Length_of_a_job_counts_its_tiles()
    {
        var request = Requests.Plain with { Model = Large.Id, Width = 2048, Height = 2048 };
        var plan = AutoencoderTiles.Of(Large, 2048, 2048, Options(4096))!;
        var work = JobWork.Of(request, new One(), new None(), new AutoencoderChoice(Options(4096)));
        var decode = Assert.Single(work.Stages, stage => stage.Key.Kind.Equals(Decode.Network));
        Assert.Equal((plan.Count, plan.Window.Width, plan.Window.Height), (decode.Calls, decode.Key.Shape.Width, decode.Key.Shape.Height));
        Assert.Equal(1, Assert.Single(JobWork.Of(request, new One(), new None()).Stages, stage => stage.Key.Kind.Equals(Decode.Network)).Calls);
    }

    /// <summary>The starter's autoencoder sees some cells around each, and its tiles are the whole's pixels.</summary>
    [Fact]
    public async Task Tiles_make_the_picture_of_the_whole()
    {
        using var model = ModelFolder.Load(Path.Combine(Repository.Root, "models", "starter"), new SessionSettings());
        var (whole, tiled) = await BothAsync(model);
        Assert.True(whole.Pixels.Zip(tiled.Pixels).All(pair => Math.Abs(pair.First - pair.Second) <= 1));
    }

    /// <summary>
    /// Norms and attention over a whole picture are others over a tile. With random weights that shifts colours far; between tiles they change so slowly that
    /// there is no line to be seen.
    /// </summary>
    [Fact]
    public async Task Tiles_of_an_autoencoder_with_norms_meet_without_a_seam()
    {
        using var model = ModelFolder.Load(Path.Combine(Repository.Root, "tests", "conformance", "pipelines", "sd15-tiny", "onnx"), new SessionSettings());
        var (whole, tiled) = await BothAsync(model);
        double step = Math.Max(LargestStep(whole, tiled, across: true), LargestStep(whole, tiled, across: false));
        Assert.True(step <= MaxStep, $"{step:F2} of 255 from a line to the next");
    }

    private static async Task<(Picture Whole, Picture Tiled)> BothAsync(IDiffusionModel model)
    {
        using (await model.Encoder!.HoldAsync(CancellationToken.None)) { }
        using (await model.Decoder.HoldAsync(CancellationToken.None)) { }
        var warnings = new List<string>();
        var whole = await PictureAsync(model, null, warnings);
        Assert.Empty(warnings);
        var tiled = await PictureAsync(model, new EngineOptions { VaeTile = 256 }, warnings);
        Assert.Equal("the picture was decoded in 9 tiles of 432 x 432 pixels, as the server's settings say", Assert.Single(warnings));
        return (whole, tiled);
    }

    /// <summary>
    /// How far the difference of two pictures changes from a line to the next, by the median of each line's pixels, where tiles meet: a seam is a line at which
    /// it jumps.
    /// </summary>
    private static double LargestStep(Picture one, Picture other, bool across)
    {
        double Median(int line) => Enumerable.Range(0, Side).Select(i => across ? i * Side + line : line * Side + i)
            .Select(pixel => Enumerable.Range(3 * pixel, 3).Average(at => (double)(other.Pixels[at] - one.Pixels[at]))).Order().ElementAt(Side / 2);
        int fade = AutoencoderTiles.Fade * 8 + 8;
        return ((int[])[Side / 3, 2 * Side / 3]).Max(cut =>
            Enumerable.Range(cut - fade, 2 * fade).Max(line => Math.Abs(Median(line + 1) - Median(line))));
    }

    private static async Task<float[]> LatentsAsync(IDiffusionModel model)
    {
        string file = Path.Combine(Repository.Root, "tests", "conformance", "starter", "1-euler.png");
        var photo = Resampler.Resize(PictureDecoder.Decode(await File.ReadAllBytesAsync(file)), Side, Side);
        var encoded = model.Encoder!.Encode(Side, Side, [PixelConversion.ToNetwork(photo)], RunWidth.Wide)[0];
        var latents = new float[model.Description.LatentsOf(Side, Side).Length];
        encoded.Mode(latents);
        for (int i = 0; i < latents.Length; i++) latents[i] *= (float)model.Description.Autoencoder.ScalingFactor;
        return latents;
    }

    /// <summary>Through the engine's own stage.</summary>
    private static async Task<Picture> PictureAsync(IDiffusionModel model, EngineOptions? options, List<string> warnings)
    {
        var memory = new RowMemory(Requests.Plain, 0, 0, warnings.Add) { Model = model, Shape = model.Description.LatentsOf(Side, Side) };
        memory.Latents = await LatentsAsync(model);
        var stage = new Decode(memory, options);
        Assert.Null(stage.Start());
        var table = new OneStage(stage);
        while (!stage.IsDone)
        {
            var wanted = new List<Evaluation>();
            stage.Want(wanted);
            var batch = new Batch();
            batch.Begin(wanted[0].Key, CallWidth.Wide);
            foreach (var evaluation in wanted) batch.Add(evaluation);
            Assert.Empty(stage.Run(batch, table).Failures);
            stage.Take();
        }
        return PixelConversion.FromNetwork(memory.Painted!.Values, Side, Side);
    }

    private static EngineOptions Options(long limitMiB) => new() { MemoryLimitMiB = limitMiB };

    private static AdmissionCheck Check(EngineOptions options) => new(new One(), new None(), new EngineLifetime(), options);

    private sealed class OneStage(Stage stage) : IStageTable
    {
        public Stage this[int row] => stage;
        public bool AreOfOneJob(int row, int other) => true;
    }

    private sealed class One : IModelDirectory
    {
        public IReadOnlyList<ModelDescription> All => [Large];
        public ModelDescription? Default => Large;
        public ModelDescription? Find(string id) => id == Large.Id ? Large : null;
        public ModelStatus StatusOf(string id) => new(ModelState.Cold);
    }

    private sealed class None : IUpscalerDirectory
    {
        public IReadOnlyList<UpscalerDescription> All => [];
        public UpscalerDescription? Find(string id) => null;
        public ModelStatus StatusOf(string id) => new(ModelState.Cold);
    }
}
