using Darkroom.Diffusion.Samplers;
using Darkroom.Engine.Artifacts;
using Darkroom.Engine.Jobs;
using Darkroom.Engine.Queue;
using Darkroom.Imaging;
using Darkroom.TestKit;
using Microsoft.Extensions.DependencyInjection;

namespace Darkroom.Benchmarks;

/// <summary>
/// Draws <c>docs/starter-samplers.png</c>: the starter with every sampler, one prompt and seed. Thirteen samplers a band in the catalog's order;
/// each band has 8 steps above and 20 below, pictures at twice their size.
/// </summary>
internal static class SamplerSheet
{
    private const int Columns = 13, Zoom = 2, Side = 64 * Zoom, Gap = 4;

    public static async Task RunAsync()
    {
        using var host = EngineShare.Build();
        await host.StartAsync();
        var queue = host.Services.GetRequiredService<IGenerationQueue>();
        var artifacts = host.Services.GetRequiredService<IArtifactStore>();
        int bands = (SamplerCatalog.All.Count + Columns - 1) / Columns;
        int width = Columns * (Side + Gap) + Gap, height = bands * 2 * (Side + Gap) + Gap;
        var sheet = new Picture(width, height, 3, [.. Enumerable.Repeat((byte)255, width * height * 3)]);

        for (int i = 0; i < SamplerCatalog.All.Count; i++)
            foreach (var (steps, line) in new[] { (8, 0), (20, 1) })
            {
                var admitted = (Admission.Accepted)await queue.SubmitAsync(new GenerationRequest
                {
                    PromptStyle = PromptStyle.Plain,
                    Task = GenerationTask.Txt2img, Model = "starter", Prompt = "fox, 3d render, on a light blue background", Width = 64, Height = 64,
                    Steps = steps, GuidanceScale = 2.5, Seed = 7, Sampler = SamplerCatalog.All[i].Name,
                }, [], CancellationToken.None);
                using var pictures = admitted.Pictures;
                var job = await queue.WaitAsync(admitted.Job.Id, CancellationToken.None);
                if (job.Result is not { } result)
                {
                    Console.WriteLine($"{SamplerCatalog.All[i].Name}, {steps} steps: {job.Failure?.Detail}");
                    continue;
                }
                var picture = PictureDecoder.Decode((await artifacts.ReadAsync(result.Images[0].ArtifactId, CancellationToken.None))!.Value);
                Place(sheet, picture, Gap + i % Columns * (Side + Gap), Gap + (i / Columns * 2 + line) * (Side + Gap));
            }
        await host.StopAsync();
        string path = Path.Combine(Repository.Root, "docs", "starter-samplers.png");
        await File.WriteAllBytesAsync(path, PictureEncoder.Encode(sheet, PictureFormat.Png, 90, null));
        Console.WriteLine(path);
    }

    private static void Place(Picture sheet, Picture picture, int left, int top)
    {
        for (int y = 0; y < Side; y++)
            for (int x = 0; x < Side; x++)
                picture.Pixels.AsSpan((y / Zoom * picture.Width + x / Zoom) * 3, 3).CopyTo(sheet.Pixels.AsSpan(((top + y) * sheet.Width + left + x) * 3));
    }
}
