using System.Text.Json;
using Darkroom.Engine.Stages.Pictures;
using Darkroom.Engine.Jobs;
using Darkroom.Imaging;
using Darkroom.Imaging.Resize;
using Darkroom.Models.Catalog;
using Darkroom.Models.Families;
using Darkroom.TestKit;

namespace Darkroom.Engine.Tests.Conformance;

/// <summary>
/// img2img and inpaint, with 4 and 9 channels, on the pack's small pipelines: latents after each stored call and final pixels, against diffusers.
/// </summary>
[Trait("Category", "Conformance")]
public sealed class PictureTaskConformance : IDisposable
{
    private readonly Dictionary<string, IDiffusionModel> models = [];
    private readonly PackModels files = new();

    [Theory]
    [InlineData(PackModels.Graphs)]
    [InlineData(PackModels.Weights)]
    [InlineData(PackModels.OneFile)]
    public void Every_case_is_met(string layout)
    {
        var failures = new List<string>();
        foreach (string family in PipelineConformance.Families(layout))
        {
            foreach (string name in ConformancePack.CaseNames("pipelines", family, "cases"))
            {
                var json = ConformancePack.Json("pipelines", family, "cases", name + ".json");
                if (!IsCovered(json)) continue;
                try
                {
                    Run(family, name, json, layout);
                }
                catch (Exception e)
                {
                    failures.Add($"{layout}: {e.Message}");
                }
            }
        }
        Assert.True(failures.Count == 0, string.Join("\n", failures));
    }

    public void Dispose()
    {
        foreach (var model in models.Values) model.Dispose();
        files.Dispose();
    }

    private static bool IsCovered(JsonElement json) =>
        json.GetProperty("pipeline").GetString() is
            "StableDiffusionImg2ImgPipeline" or "StableDiffusionInpaintPipeline" or "StableDiffusionXLImg2ImgPipeline" or "StableDiffusionXLInpaintPipeline"
            or "LatentConsistencyModelImg2ImgPipeline" or "StableDiffusion3Img2ImgPipeline" or "FluxImg2ImgPipeline"
            or "StableDiffusionInstructPix2PixPipeline"
        && !json.GetProperty("arguments").TryGetProperty("cross_attention_kwargs", out _);

    private void Run(string family, string name, JsonElement json, string layout)
    {
        using var measure = new Measure($"pipelines/{family}/{layout}/{json.GetProperty("task").GetString()}", name);
        var golden = ConformancePack.Tensors("pipelines", family, "cases", name + ".safetensors");
        var arguments = json.GetProperty("arguments");
        var model = PipelineConformance.ModelOf(models, files, family, layout);
        int pictures = json.GetProperty("pictures").GetArrayLength();

        var sampler = PipelineConformance.SamplerOf(family, json, model.Description, RequestOf(json, model.Description, 0, pictures));
        var driver = new RowDriver(model);
        var noises = PackNoise.ForRows(json, pictures, sampler);
        for (int i = 0; i < pictures; i++)
        {
            var request = RequestOf(json, model.Description, i, pictures);
            driver.Add(request, sampler, noises[i], WorkOf(json, request));
        }
        driver.Run(
            before: call =>
            {
                if (call == 0) PipelineConformance.CompareFirstCall(measure, json, golden, family, driver);
            },
            after: call =>
            {
                if (!golden.Has($"latents_after_{call}")) return;
                for (int i = 0; i < pictures; i++)
                    measure.Close(
                        $"latents after call {call}, picture {i}", golden[$"latents_after_{call}"][i],
                        PipelineConformance.AsGolden(driver.Rows[i], golden), 5e-5);
            });

        // The row's decoded picture is the region alone; the whole that is put together of it is compared over HTTP.
        if (arguments.TryGetProperty("padding_mask_crop", out _)) return;
        for (int i = 0; i < pictures; i++)
        {
            string file = json.GetProperty("pictures")[i].GetString()!;
            PixelComparison.Check(measure, file, File.ReadAllBytes(ConformancePack.PathOf("pipelines", family, "cases", file)), driver.Rows[i].Painted!);
        }
    }

    private static GenerationRequest RequestOf(JsonElement json, ModelDescription model, int picture, int pictures)
    {
        var arguments = json.GetProperty("arguments");
        var request = PipelineConformance.RequestOf(arguments, picture, pictures);
        bool masked = json.GetProperty("given").TryGetProperty("mask_image", out _);
        var sent = PictureDecoder.Decode(File.ReadAllBytes(PathOf(json, "image")));
        var (width, height) = PictureFit.Down(sent.Width, sent.Height, 8);
        return request with
        {
            Task = masked ? GenerationTask.Inpaint : GenerationTask.Img2img,
            Width = request.Width == 0 ? width : request.Width,
            Height = request.Height == 0 ? height : request.Height,
            Edit = new PictureEdit
            {
                Picture = new InputPicture("", sent.Width, sent.Height),
                Strength = arguments.TryGetProperty("strength", out var strength) ? strength.GetDouble() : masked || model.ShowsPicture ? 1 : 0.8,
                Rule = model.Strength,
                ShowsPicture = model.ShowsPicture,
                Fit = ResizeMode.Stretch,
                Mask = !masked ? null : new MaskEdit
                {
                    Picture = new InputPicture("", sent.Width, sent.Height),
                    Blur = 0,
                    OnlyMasked = arguments.TryGetProperty("padding_mask_crop", out var padding),
                    Padding = padding.ValueKind == JsonValueKind.Number ? padding.GetInt32() : 0,
                },
            },
        };
    }

    private static PictureWork WorkOf(JsonElement json, GenerationRequest request)
    {
        var picture = PictureDecoder.Decode(File.ReadAllBytes(PathOf(json, "image"))).Flatten(255, 255, 255);
        return request.Edit!.Mask is { } mask
            ? new InpaintWork(picture, PictureDecoder.Decode(File.ReadAllBytes(PathOf(json, "mask_image"))), mask, request.Width, request.Height,
                ResizeMode.Stretch)
            : new ImageToImageWork(picture, request.Width, request.Height, ResizeMode.Stretch);
    }

    private static string PathOf(JsonElement json, string which) => ConformancePack.PathOf(
        "pipelines", json.GetProperty("family").GetString()!, "cases", json.GetProperty("given").GetProperty(which).GetString()!);
}
