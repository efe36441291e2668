using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using Darkroom.Diffusion.Tensors;
using Darkroom.Models.Checkpoints;
using Darkroom.Models.Families;
using Darkroom.Models.Graphs.Quantising;
using Darkroom.Models.Pool;
using Darkroom.Models.Residency;
using Darkroom.Models.Sessions;
using Darkroom.Models.Text;

namespace Darkroom.Benchmarks.Checkpoints;

/// <summary>What a checkpoint in one file costs to serve: its header, its graphs, its sessions, memory, and the first steps.</summary>
internal static class CheckpointCommand
{
    private const double Mebi = 1 << 20;

    public static Command Create()
    {
        var kind = new Argument<string>("kind") { Description = "sd15, sd21 or sdxl." };
        var whole = new Option<bool>("--fp32") { Description = "Weights of 4 bytes, as a file has them that was never halved; else 2." };
        var side = new Option<int>("--side") { Description = "Pixels of the denoiser's calls; 0: none.", DefaultValueFactory = _ => 512 };
        var file = new Option<string?>("--file") { Description = "A checkpoint of yours in place of a made-up one; or where that one is kept." };
        var precision = new Option<string>("--precision") { Description = "auto, fp32, int8 or int4.", DefaultValueFactory = _ => "auto" };
        var budget = new Option<long?>("--budget") { Description = "MiB that weights may have, as a machine with little memory gives them; else any." };
        var write = new Option<string?>("--write") { Description = "Only writes a made-up checkpoint to this path." };
        var command = new Command("checkpoint", "Loads a checkpoint of a published size and says what it took.")
        {
            kind, whole, side, file, precision, budget, write,
        };
        command.SetAction(parsed =>
        {
            var computes = WeightPrecisions.Find(parsed.GetValue(precision)!)
                ?? throw new ArgumentException($"there is no precision '{parsed.GetValue(precision)}'");
            if (parsed.GetValue(write) is { } path) MadeUpCheckpoint.Write(path, parsed.GetValue(kind)!, half: !parsed.GetValue(whole));
            else Run(parsed.GetValue(kind)!, parsed.GetValue(whole), parsed.GetValue(side), parsed.GetValue(file), computes, parsed.GetValue(budget));
        });
        return command;
    }

    private static void Run(string kind, bool whole, int side, string? given, WeightPrecision precision, long? budget)
    {
        string path = given ?? Path.Combine(Directory.CreateTempSubdirectory("darkroom-checkpoint-").FullName, kind + ".safetensors");
        if (!File.Exists(path)) MadeUpCheckpoint.Write(path, kind, half: !whole);
        long bytes = new FileInfo(path).Length;
        Warm(path);
        GC.Collect();
        Touch(2 * bytes / (whole ? 2 : 1));
        Say($"{kind}: {bytes / Mebi:F0} MiB on disk; {Environment.ProcessorCount} cores; resident before {ProcessFigures.Resident:F0} MiB");

        long began = Stopwatch.GetTimestamp();
        var description = ModelFolder.Read(path);
        if (description.Fault is { } fault) throw new InvalidDataException(fault);
        double weights = description.MemoryBytes / Mebi;
        Say($"read and described in {Stopwatch.GetElapsedTime(began).TotalMilliseconds:F0} ms; its weights are {weights:F0} MiB in float32");
        ProcessFigures.ResetPeak();
        double before = ProcessFigures.Anonymous;
        var family = ModelFamilies.Create(0).First(one => one.Name == description.Family);
        var device = new DeviceSpec { Precision = precision, BudgetBytes = budget is { } mebi ? mebi << 20 : long.MaxValue };
        using var model = family.LoadAsync(path, description, "bench", new DeviceMemory(device)).GetAwaiter().GetResult();
        double opened = Stopwatch.GetElapsedTime(began).TotalSeconds;
        var conditioning = Encode(model);
        double ready = Stopwatch.GetElapsedTime(began).TotalSeconds;
        Say($"all parts opened after {opened:F2} s, a text encoded and the denoiser's first call after {ready:F2} s");
        Say($"anonymous memory {ProcessFigures.Anonymous - before:F0} MiB ({(ProcessFigures.Anonymous - before) / weights:F2} of the weights)");
        Say($"peak of all {ProcessFigures.Peak - before:F0} MiB ({(ProcessFigures.Peak - before) / weights:F2})");
        for (int call = 0; call < 3 && side > 0; call++) Step(model, conditioning, side, call);
        Say($"anonymous memory behind them {ProcessFigures.Anonymous - before:F0} MiB ({(ProcessFigures.Anonymous - before) / weights:F2})");
        model.Dispose();
        if (given is null) Directory.Delete(Path.GetDirectoryName(path)!, recursive: true);
    }

    internal static Conditioning Encode(IDiffusionModel model)
    {
        var text = model.Tokenize([new PromptText("a lighthouse")], TextReading.Weighted)[0];
        var encoded = model.TextEncoders.Select((encoder, index) =>
        {
            using var lease = encoder.HoldAsync(CancellationToken.None).AsTask().GetAwaiter().GetResult();
            return encoder.Encode([text.Encoders[index]], RunWidth.Wide)[0];
        }).ToArray();
        return model.Condition(text, encoded);
    }

    /// <summary>A guided step: two rows.</summary>
    private static void Step(IDiffusionModel model, Conditioning conditioning, int side, int call)
    {
        var shape = model.Description.LatentsOf(side, side);
        int count = shape.Channels * shape.Height * shape.Width;
        var row = model.ForRow(conditioning, new RowConditions { Width = side, Height = side });
        DenoiserRow[] rows = [.. Enumerable.Range(0, 2).Select(_ => new DenoiserRow(new float[count], 1, 500, row, new float[count]))];
        using var lease = model.Denoiser.HoldAsync(CancellationToken.None).AsTask().GetAwaiter().GetResult();
        long began = Stopwatch.GetTimestamp();
        model.Denoiser.Run(shape, rows, RunWidth.Wide);
        Say($"guided step {call + 1} at {side} pixels: {Stopwatch.GetElapsedTime(began).TotalSeconds:F2} s");
    }

    /// <summary>
    /// Touches as much memory as the weights will take, twice, in pages of 4 KiB, and gives it back. A virtual machine's memory may have to be fetched from its
    /// host at the first touch, which no program can spare: the first figure less the second is the price of that.
    /// </summary>
    private static void Touch(long bytes)
    {
        double first = Once(), second = Once();
        Say($"{bytes / Mebi:F0} MiB of fresh memory are touched in {first:F2} s, and again in {second:F2} s, by one thread");

        double Once()
        {
            nint memory = Marshal.AllocHGlobal((nint)bytes);
            long began = Stopwatch.GetTimestamp();
            for (long page = 0; page < bytes; page += 4096) Marshal.WriteByte(memory + (nint)page, 1);
            double took = Stopwatch.GetElapsedTime(began).TotalSeconds;
            Marshal.FreeHGlobal(memory);
            return took;
        }
    }

    /// <summary>Reads the file once, so that its pages are in the system's cache.</summary>
    private static void Warm(string path)
    {
        byte[] buffer = new byte[1 << 22];
        using var file = File.OpenRead(path);
        while (file.Read(buffer) > 0) { }
    }

    private static void Say(FormattableString line) => Console.WriteLine(line.ToString(CultureInfo.InvariantCulture));
}
