using System.Globalization;
using Darkroom.Engine.Artifacts;
using Darkroom.Engine.Jobs;
using Darkroom.Engine.Tests.Execution;
using Darkroom.Imaging;
using Darkroom.Imaging.Canvas;
using Darkroom.Imaging.Masks;
using Darkroom.Imaging.Metadata;
using Darkroom.Imaging.Metadata.Tools;
using Darkroom.Imaging.Resize;
using Darkroom.Models.Sessions;
using Darkroom.Models.Upscaling;
using Darkroom.TestKit;

namespace Darkroom.Engine.Tests.Artifacts;

/// <summary>What a picture says of how it was made, read out of the file that the engine stored.</summary>
public sealed class PictureTextTests : IDisposable
{
    private const string UpscalerId = "realesr-animevideov3-x2";
    private static readonly CancellationToken Cancellation = TestContext.Current.CancellationToken;
    private static readonly Picture Photo = new(32, 32, 3, [.. Enumerable.Range(0, 32 * 32 * 3).Select(i => (byte)(i * 7 % 251))]);

    private readonly Upscaler upscaler;
    private readonly EngineHarness engine;

    public PictureTextTests()
    {
        string models = Path.Combine(Repository.Root, "models");
        upscaler = Upscaler.Load(Path.Combine(models, "upscalers", UpscalerId + ".onnx"), new UpscalerCatalog(models).All.First(one => one.Id == UpscalerId),
            new SessionSettings { Threads = 1 });
        engine = new EngineHarness(upscalers: new OneUpscaler(upscaler));
    }

    public void Dispose()
    {
        engine.Dispose();
        upscaler.Dispose();
    }

    public static IEnumerable<TheoryDataRow<GenerationTask, PictureFormat>> Tasks() =>
        from task in Enum.GetValues<GenerationTask>() where !(Requests.Plain with { Task = task }).Measures
        from format in Enum.GetValues<PictureFormat>().Except([PictureFormat.Safetensors]) select new TheoryDataRow<GenerationTask,
            PictureFormat>(task, format);

    [Fact]
    public void Seeds_and_sampler_parameters_are_written_as_A1111_writes_them_and_read_back()
    {
        var request = Requests.Plain with
        {
            Sampler = "dpm_2", Compatibility = Compatibility.A1111, NoiseSource = NoiseSource.TorchCuda, VariationSeed = 7, VariationStrength = 0.25,
            SeedResize = new(64, 96), NoiseSeedOffset = 31337, SChurn = 1.5, STmin = 0.1, STmax = 9, SNoise = 1.05,
        };
        var fields = ParametersText.Parse(PictureText.Of(request, request.SeedOf(2), new() { Id = "m", Title = "m" }, "", Photo, index: 2)).Fields;
        Assert.Equal(
            ["DPM2", "Karras", "42", "9", "0.25", "64x96", "31337", "1.5", "0.1", "9", "1.05", "a1111"],
            ((string[])["Sampler", "Schedule type", "Seed", "Variation seed", "Variation seed strength", "Seed resize from", "ENSD", "Sigma churn",
                "Sigma tmin", "Sigma tmax", "Sigma noise", "Compatibility"]).Select(name => fields[name]));
        Assert.False(fields.ContainsKey("RNG"));

        var ddim = ParametersText.Parse(PictureText.Of(
            request with { Sampler = "ddim", Eta = 0.5, VariationStrength = 0 }, 42, new() { Id = "m", Title = "m" }, "", Photo)).Fields;
        Assert.Equal("0.5", ddim["Eta DDIM"]);
        Assert.DoesNotContain(ddim.Keys, name => name is "Variation seed" or "Schedule type");
    }

    [Fact]
    public void ControlNets_are_written_as_A1111s_extension_writes_them()
    {
        var request = Requests.Plain with
        {
            Controls =
            [
                new() { Model = "edges", Picture = new("", 8, 8), Weight = 0.5, End = 0.75 }, new() { Model = "b", Picture = new("", 8, 8), Guess = true },
            ],
        };
        string text = PictureText.Of(request, 1, new() { Id = "m", Title = "m" }, "", Photo);
        Assert.Contains("ControlNet 0: \"Module: none, Model: edges, Weight: 0.5, Resize Mode: Just Resize, Guidance Start: 0, Guidance End: 0.75, "
            + "Control Mode: Balanced\", ControlNet 1: \"Module: none, Model: b, Weight: 1,", text, StringComparison.Ordinal);
        Assert.Contains("Control Mode: ControlNet is more important\"", text, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Tasks))]
    public async Task Every_value_of_a_request_comes_back_from_its_picture(GenerationTask task, PictureFormat format)
    {
        foreach (var request in await RequestsAsync(task))
        {
            var record = await MakeAsync(request with { Format = format });
            Assert.Equal((GeneratorTools.Darkroom, request.Prompt, request.NegativePrompt),
                (record.Tool, record.Parameters.Prompt, record.Parameters.NegativePrompt));
            var read = new Reading(record.Parameters.Fields);
            if (task != GenerationTask.Upscale)
            {
                Assert.Equal((request.Steps, "Euler", request.GuidanceScale, request.Seed),
                    ((int)read.Number("Steps"), read.Text("Sampler"), read.Number("CFG scale"), (long)read.Number("Seed")));
                Assert.Equal(($"{request.Width}x{request.Height}", request.Model, "CPU"), (read.Text("Size"), read.Text("Model"), read.Text("RNG")));
            }
            Assert.Equal(request.Upscale is { } order ? (order.Scale!.Value, order.Model) : (0, null),
                (read.Number("Postprocess upscale by"), read.Text("Postprocess upscaler")));
            Assert.Equal(request.Denoise?.Noise, read.NumberOrNull("Removed noise"));
            Assert.Equal(request.Denoise is { Strength: < 1 and var share } ? share : null, read.NumberOrNull("Removed share"));
            if (request.Edit is not { } edit || task is GenerationTask.Upscale or GenerationTask.Denoise)
            {
                Assert.Null(read.Text("Denoising strength"));
                continue;
            }
            Assert.Equal(edit.Strength, read.Number("Denoising strength"));
            Assert.Equal(edit.Extension, read.Extension);
            if (edit.Extension is null) Assert.Equal(edit.Fit, read.Fit);
            if (edit.Mask is not { } mask) Assert.Null(read.Text("Mask blur"));
            else
                Assert.Equal(
                    (mask.Reading, mask.Blur, mask.Grow, mask.Fill, mask.OnlyMasked, mask.OnlyMasked ? mask.Padding : 32),
                    (read.Mode, read.Number("Mask blur"), (int)read.Number("Mask grow"), read.Fill, read.Text("Inpaint area") == "Only masked",
                        (int?)read.NumberOrNull("Masked area padding") ?? 32));
        }
    }

    [Fact]
    public async Task Upscaled_picture_keeps_the_text_of_the_one_sent_and_none_where_none_is_wanted()
    {
        const string text = "a fox\nNegative prompt: blur\nSteps: 20, Sampler: DDIM, Seed: 5, Size: 64x64, Version: v1.10.1";
        var request = await UpscaleAsync(text);
        var record = await MakeAsync(request);
        Assert.Equal(("a1111", text + ", Postprocess upscale by: 2, Postprocess upscaler: " + UpscalerId), (record.Tool, record.Info));
        Assert.Equal("", (await MakeAsync((await UpscaleAsync(text)) with { Metadata = false })).Info);
        var own = (await UpscaleAsync(text)) with { Upscale = new UpscaleOrder(UpscalerId, null) };
        Assert.Equal("2", (await MakeAsync(own)).Parameters.Fields["Postprocess upscale by"]);
    }

    private async Task<PictureRecord> MakeAsync(GenerationRequest request)
    {
        var job = await engine.SubmitAsync(request);
        await engine.RunAsync();
        var done = await engine.JobAsync(job.Id);
        Assert.True(done.State == JobState.Succeeded, done.Failure?.Detail);
        return PictureMetadata.Read((await engine.Artifacts.ReadAsync(done.Result!.Images[0].ArtifactId, Cancellation))!.Value.Span);
    }

    private async Task<IReadOnlyList<GenerationRequest>> RequestsAsync(GenerationTask task)
    {
        var plain = Requests.Plain with { Task = task };
        async Task<GenerationRequest> EditAsync(PictureEdit edit) => plain with { Edit = edit with { Picture = await SentAsync(Photo, null) } };
        var none = new InputPicture("", 0, 0);
        switch (task)
        {
            case GenerationTask.Txt2img: return [plain, plain with { Upscale = new UpscaleOrder(UpscalerId, 2.5) }];
            case GenerationTask.Img2img:
                return
                [
                    await EditAsync(new() { Picture = none, Strength = 0.55, Fit = ResizeMode.Stretch }),
                        await EditAsync(new() { Picture = none, Strength = 1, Fit = ResizeMode.Pad }),
                    (await EditAsync(new() { Picture = none, Strength = 0, Fit = ResizeMode.Crop })) with { Upscale = new UpscaleOrder(UpscalerId, 2) },
                ];
            case GenerationTask.Inpaint:
                var mask = new Picture(32, 32, 4, [.. Enumerable.Range(0, 32 * 32).SelectMany(i => i % 32 < 16 ? (byte[])[255, 255, 255, 255] : [0, 0, 0, 0])]);
                var masks = new List<GenerationRequest>();
                foreach (var one in new MaskEdit[]
                {
                    new() { Picture = none }, new() { Picture = none, Reading = MaskMode.Black, Blur = 2.5, Grow = 3, Fill = MaskFill.Noise },
                    new() { Picture = none, Reading = MaskMode.Alpha, Blur = 0, Fill = MaskFill.Zero, OnlyMasked = true, Padding = 7 },
                        new() { Picture = none, Fill = MaskFill.Blur, OnlyMasked = true },
                })
                    masks.Add(await EditAsync(new() { Picture = none, Strength = 0.75, Mask = one with { Picture = await SentAsync(mask, null) } }));
                return masks;
            case GenerationTask.Denoise:
                async Task<GenerationRequest> NoisyAsync(DenoiseOrder order) =>
                    await EditAsync(new() { Picture = none, Strength = 1 }) with { Denoise = order };
                return [await NoisyAsync(new(0.1, 1)), await NoisyAsync(new(0.25, 0.5))];
            case GenerationTask.Outpaint: return [
                (await EditAsync(new() { Picture = none, Strength = 1, Extension = new CanvasExtension(16, 8, 0, 4, 3) })) with { Width = 56, Height = 36 }];
            default: return [await UpscaleAsync((await MakeAsync(Requests.Plain)).Info) with { Prompt = Requests.Plain.Prompt,
                NegativePrompt = Requests.Plain.NegativePrompt }];
        }
    }

    private async Task<GenerationRequest> UpscaleAsync(string text) => Requests.Plain with
    {
        Task = GenerationTask.Upscale, Model = UpscalerId, Prompt = "", NegativePrompt = "", Width = 64, Height = 64,
        Edit = new PictureEdit { Picture = await SentAsync(Photo, text), Strength = 0 }, Upscale = new UpscaleOrder(UpscalerId, 2),
    };

    private async Task<InputPicture> SentAsync(Picture picture, string? text) =>
        new(await engine.Inputs.SendAsync(PictureEncoder.Encode(picture, PictureFormat.Png, 90, text), Cancellation), picture.Width, picture.Height);

    /// <summary>A picture's fields as the values of a request.</summary>
    private sealed class Reading(IReadOnlyDictionary<string, string> fields)
    {
        public string? Text(string name) => fields.GetValueOrDefault(name);

        public double? NumberOrNull(string name) => Text(name) is { } text ? double.Parse(text, CultureInfo.InvariantCulture) : null;

        public double Number(string name) => NumberOrNull(name) ?? 0;

        public ResizeMode? Fit => Text("Resize mode") switch { "Just resize" => ResizeMode.Stretch, "Crop and resize" => ResizeMode.Crop, "Resize and fill" =>
            ResizeMode.Pad, _ => null };

        public MaskMode? Mode => (Text("Mask mode"), Text("Mask channel")) switch
        {
            ("Inpaint masked", "alpha") => MaskMode.Alpha, ("Inpaint masked", null) => MaskMode.White, ("Inpaint not masked", null) => MaskMode.Black,
                _ => null,
        };

        public MaskFill? Fill => Text("Masked content") switch
        {
            "original" => MaskFill.Original, "fill" => MaskFill.Blur, "latent noise" => MaskFill.Noise, "latent nothing" => MaskFill.Zero, _ => null,
        };

        public CanvasExtension? Extension => Text("Outpaint left") is null ? null
            : new((int)Number("Outpaint left"), (int)Number("Outpaint right"), (int)Number("Outpaint up"), (int)Number("Outpaint down"),
                (int)Number("Outpaint feather"));
    }
}
