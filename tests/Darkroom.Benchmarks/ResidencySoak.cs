using System.Diagnostics;
using Darkroom.Diffusion.Noise;
using Darkroom.Models.Families;
using Darkroom.Models.Pool;
using Darkroom.Models.Residency;
using Darkroom.Models.Text;
using Darkroom.TestKit;

namespace Darkroom.Benchmarks;

/// <summary>
/// Three tiny models in the memory of hardly one, under traffic of three threads: parts come and go all the time, and resident memory must end where it was
/// once warm.
/// </summary>
internal static class ResidencySoak
{
    private const int Workers = 3;

    public static async Task RunAsync(int loads)
    {
        string path = Directory.CreateTempSubdirectory("darkroom-residency-").FullName;
        try
        {
            foreach (string family in new[] { "sd15-tiny", "sd21-tiny", "sd15-inpaint-tiny" })
                Directory.CreateSymbolicLink(Path.Combine(path, family), Path.Combine(Repository.Root, "tests", "conformance", "pipelines", family, "onnx"));
            await RunAsync(new ModelCatalog(path), loads);
        }
        finally
        {
            Directory.Delete(path, recursive: true);
        }
    }

    private static async Task RunAsync(ModelCatalog catalog, int loads)
    {
        long budget = catalog.All.Max(model => model.Parts.Max(part => part.Bytes));
        using var pool = new ModelPool(catalog, new ModelHash(), ModelFamilies.Create(0),
            [new DeviceMemory(new DeviceSpec { Threads = 1, BudgetBytes = budget })], null);
        var device = pool.Devices[0];
        var gate = new Lock();
        long next = 0, pictures = 0, started = Stopwatch.GetTimestamp();
        await Task.WhenAll(Enumerable.Range(0, Workers).Select(worker => Task.Run(async () =>
        {
            for (int round = 0; device.Evicted < loads; round++)
            {
                await PictureAsync(await pool.GetAsync(catalog.All[(worker + round) % catalog.All.Count].Id));
                Interlocked.Increment(ref pictures);
                lock (gate)
                {
                    if (device.Evicted < next) continue;
                    next += loads / 10;
                    Console.WriteLine($"after {device.Opened,5} loads and {device.Evicted,5} unloads: resident {ResidentBytes() / 1048576.0:F1} MiB, weights " +
                        $"{device.UsedBytes / 1048576.0:F1} of {budget / 1048576.0:F1} MiB");
                }
            }
        })));
        Console.WriteLine($"{pictures} pictures, {Stopwatch.GetElapsedTime(started).TotalMilliseconds / device.Opened:F0} ms a load with what it was for; " +
            $"{device.Waiting} wait");
    }

    private static async Task PictureAsync(IDiffusionModel model)
    {
        Conditioning text;
        using (await model.TextEncoders[0].HoldAsync(default)) text = WholeText.Encode(model, "red apple");
        var shape = model.Description.LatentsOf(2 * model.Description.SizeStep, 2 * model.Description.SizeStep);
        int length = shape.Channels * shape.Height * shape.Width;
        float[] latents = new float[length], answer = new float[length];
        new PhiloxGenerator(7).Normal(latents);
        float[] more = new float[(model.Description.Capabilities.DenoiserChannels - shape.Channels) * shape.Height * shape.Width];
        using (await model.Denoiser.HoldAsync(default))
            model.Denoiser.Run(shape, new[] { new DenoiserRow(latents, 1, 801, text, answer) { MoreChannels = more } }, RunWidth.Wide);
        using (await model.Decoder.HoldAsync(default)) model.Decoder.Decode(shape, [answer], RunWidth.Wide);
    }

    private static long ResidentBytes()
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
        using var process = Process.GetCurrentProcess();
        return process.WorkingSet64;
    }
}
