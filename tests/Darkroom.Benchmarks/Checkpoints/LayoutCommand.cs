using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using System.Numerics.Tensors;
using Darkroom.Diffusion.Tensors;
using Darkroom.Models.Catalog;
using Darkroom.Models.Families;
using Darkroom.Models.Pool;
using Darkroom.Models.Residency;
using Darkroom.Models.Sessions;
using Darkroom.Models.Text;

namespace Darkroom.Benchmarks.Checkpoints;

/// <summary>
/// What the layout of convolutions is worth in a checkpoint's networks: guided steps and decoding by turns, in ONNX's own layout and in that of ONNX
/// Runtime's fastest convolutions. It takes the memory of two models.
/// </summary>
internal static class LayoutCommand
{
    public static Command Create()
    {
        var kind = new Argument<string>("kind") { Description = "sd15, sd21 or sdxl." };
        var sides = new Option<int[]>("--side")
        {
            Description = "Pixels of the calls.",
            DefaultValueFactory = _ => [256, 512],
            AllowMultipleArgumentsPerToken = true,
        };
        var rounds = new Option<int>("--rounds") { Description = "Calls of each.", DefaultValueFactory = _ => 5 };
        var file = new Option<string?>("--file") { Description = "A checkpoint of yours in place of a made-up one; or where that one is kept." };
        var decodes = new Option<bool>("--decode") { Description = "The decoder too." };
        var command = new Command("layouts", "Compares layouts of convolutions by turns.") { kind, sides, rounds, file, decodes };
        command.SetAction(parsed =>
            Run(parsed.GetValue(kind)!, parsed.GetValue(sides)!, parsed.GetValue(rounds), parsed.GetValue(file), parsed.GetValue(decodes)));
        return command;
    }

    private static void Run(string kind, int[] sides, int rounds, string? given, bool decodes)
    {
        string path = given ?? Path.Combine(Directory.CreateTempSubdirectory("darkroom-checkpoint-").FullName, kind + ".safetensors");
        if (!File.Exists(path)) MadeUpCheckpoint.Write(path, kind, half: true);
        var description = ModelFolder.Read(path);
        if (description.Fault is { } fault) throw new InvalidDataException(fault);
        var family = ModelFamilies.Create(0).First(one => one.Name == description.Family);
        using var plain = Open(new SessionSettings { PlainConvolutions = true }, "ONNX's layout");
        using var blocked = Open(new SessionSettings(), $"blocks of {BlockedLayout.Block} channels");
        foreach (int side in sides)
        {
            var shape = description.LatentsOf(side, side);
            int count = shape.Channels * shape.Height * shape.Width;
            float[] noise = [.. Enumerable.Range(0, count).Select(static i => MathF.Sin(i * 0.7f) + MathF.Sin(i * 0.0301f))];
            Compare($"guided step at {side}", rounds, model => Step(model, shape, noise, side), plain, blocked);
            if (decodes) Compare($"decoding at {side}", rounds, model => Decode(model.Model, shape, noise), plain, blocked);
        }
        if (given is null) Directory.Delete(Path.GetDirectoryName(path)!, recursive: true);

        Opened Open(SessionSettings settings, string name)
        {
            long began = Stopwatch.GetTimestamp();
            var model = family.LoadAsync(path, description, "bench", DeviceMemory.Of(settings)).GetAwaiter().GetResult();
            Say($"{name}: opened in {Stopwatch.GetElapsedTime(began).TotalSeconds:F2} s");
            return new(model, CheckpointCommand.Encode(model));
        }
    }

    private static void Compare(string what, int rounds, Func<Opened, float[]> call, Opened plain, Opened blocked)
    {
        List<double> before = [], after = [];
        double furthest = 0;
        for (int round = 0; round <= rounds; round++)
        {
            float[] one = Measure(plain, before), other = Measure(blocked, after);
            float[] apart = new float[one.Length];
            TensorPrimitives.Subtract(one, other, apart);
            TensorPrimitives.Abs(apart, apart);
            TensorPrimitives.Abs(one, one);
            furthest = Math.Max(furthest, TensorPrimitives.Max(apart) / TensorPrimitives.Max(one));
        }
        double ratio = Middle([.. before.Zip(after, static (one, other) => one / other)]), shortest = before.Skip(1).Min() / after.Skip(1).Min();
        Say($"{what}: {Middle(before):F3} and {Middle(after):F3} s, {ratio:F2} times as fast, by the shortest calls {shortest:F2} times");
        Say($"    at most {furthest:E1} of the largest value apart");

        float[] Measure(Opened model, List<double> seconds)
        {
            long began = Stopwatch.GetTimestamp();
            float[] answer = call(model);
            seconds.Add(Stopwatch.GetElapsedTime(began).TotalSeconds);
            return answer;
        }
    }

    /// <summary>The median, without the first.</summary>
    private static double Middle(List<double> values) => values.Skip(1).Order().ElementAt((values.Count - 1) / 2);

    private static float[] Step(Opened opened, LatentShape shape, float[] noise, int side)
    {
        var model = opened.Model;
        var row = model.ForRow(opened.Conditioning, new RowConditions { Width = side, Height = side });
        DenoiserRow[] rows = [.. Enumerable.Range(0, 2).Select(_ => new DenoiserRow(noise, 1, 500, row, new float[noise.Length]))];
        using var lease = model.Denoiser.HoldAsync(CancellationToken.None).AsTask().GetAwaiter().GetResult();
        model.Denoiser.Run(shape, rows, RunWidth.Wide);
        return rows[0].Output.ToArray();
    }

    private static float[] Decode(IDiffusionModel model, LatentShape shape, float[] noise)
    {
        using var lease = model.Decoder.HoldAsync(CancellationToken.None).AsTask().GetAwaiter().GetResult();
        return model.Decoder.Decode(shape, [noise], RunWidth.Wide)[0].Values;
    }

    private sealed record Opened(IDiffusionModel Model, Conditioning Conditioning) : IDisposable
    {
        public void Dispose() => Model.Dispose();
    }

    private static void Say(FormattableString line) => Console.WriteLine(line.ToString(CultureInfo.InvariantCulture));
}
