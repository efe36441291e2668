using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using Darkroom.Models.Checkpoints.Loras;
using Darkroom.Models.Families;
using Darkroom.Models.Pool;
using Darkroom.Models.Residency;

namespace Darkroom.Benchmarks.Loras;

/// <summary>What it takes to have a model's U-Net with a LoRA: time beside that of its own session, and memory beside the model's.</summary>
internal static class LoraCommand
{
    public static Command Create()
    {
        var kind = new Argument<string>("kind") { Description = "tiny, sd15, sd21 or sdxl." };
        var ranks = new Option<int[]>("--rank") { Description = "Of the LoRAs.", DefaultValueFactory = _ => [16, 64], AllowMultipleArgumentsPerToken = true };
        var runs = new Option<int>("--runs") { Description = "How often all is measured.", DefaultValueFactory = _ => 2 };
        var command = new Command("lora", "Opens a model's U-Net with a random LoRA over all attention and feed-forward layers.") { kind, ranks, runs };
        command.SetAction(parsed => RunAsync(parsed.GetValue(kind)!, parsed.GetValue(ranks)!, parsed.GetValue(runs)));
        return command;
    }

    private static async Task RunAsync(string kind, int[] ranks, int runs)
    {
        using var subject = new LoraSubject(kind);
        var layers = subject.Layers(MadeUpLora.IsLayer);
        foreach (int rank in ranks) MadeUpLora.Write(subject.LoraPath($"rank{rank}"), layers, rank, seed: rank);
        var description = ModelFolder.Read(subject.Path);
        var memory = new DeviceMemory(new DeviceSpec());
        var family = ModelFamilies.Create(0).First(one => one.Name == description.Family);
        using var model = await family.LoadAsync(subject.Path, description, "bench", memory);
        Say(string.Create(CultureInfo.InvariantCulture,
            $"{kind}: {layers.Count} layers, {layers.Sum(layer => layer.Shape[0] * layer.Shape[1]) * 4.0 / (1 << 20):F0} MiB of the U-Net's " +
            $"{model.Denoiser.Bytes / (double)(1 << 20):F0} MiB in float32; {Environment.ProcessorCount} cores"));
        for (int run = 0; run < runs; run++)
        {
            memory.EvictIdle(long.MaxValue);
            double none = ProcessFigures.Anonymous;
            double own = await OpenAsync(model.Denoiser);
            double whole = ProcessFigures.Anonymous - none;
            Say(string.Create(CultureInfo.InvariantCulture, $"run {run + 1}: its own session {own:F2} s, {whole:F0} MiB"));
            foreach (int rank in ranks)
            {
                double before = ProcessFigures.Anonymous;
                double resident = ProcessFigures.Resident;
                ProcessFigures.ResetPeak();
                var choice = new LoraChoice("bench", subject.LoraPath($"rank{rank}"), $"{rank}/{run}", 1, 1);
                long began = Stopwatch.GetTimestamp();
                using var variant = model.With([choice]);
                await OpenAsync(variant.Model.Denoiser);
                double opened = Stopwatch.GetElapsedTime(began).TotalSeconds, taken = ProcessFigures.Anonymous - before;
                long counted = memory.UsedBytes - model.Parts.Where(part => part.IsResident).Sum(part => part.Bytes);
                Say(string.Create(CultureInfo.InvariantCulture,
                    $"  rank {rank}: {opened:F2} s ({opened - own:+0.00;-0.00} s beside its own session), {taken:F0} MiB ({taken / whole:F2} of the U-Net), " +
                    $"at most {ProcessFigures.Peak - resident:F0} MiB, counted {counted / (double)(1 << 20):F0} MiB"));
                memory.EvictIdle(long.MaxValue);
                began = Stopwatch.GetTimestamp();
                await OpenAsync(variant.Model.Denoiser);
                opened = Stopwatch.GetElapsedTime(began).TotalSeconds;
                Say(string.Create(CultureInfo.InvariantCulture,
                    $"    with nothing in memory before: {opened:F2} s ({opened - own:+0.00;-0.00} s)"));
                memory.EvictIdle(long.MaxValue);
                await OpenAsync(model.Denoiser);
            }
        }
    }

    private static async Task<double> OpenAsync(IDenoiser denoiser)
    {
        long began = Stopwatch.GetTimestamp();
        using (await denoiser.HoldAsync(CancellationToken.None)) return Stopwatch.GetElapsedTime(began).TotalSeconds;
    }

    private static void Say(string line) => Console.WriteLine(line);
}
