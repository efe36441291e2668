using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using Darkroom.Diffusion.Noise;
using Darkroom.Models.Sessions;

namespace Darkroom.Benchmarks.Loras;

/// <summary>
/// Whether rows with different LoRAs should share a call: the U-Net with a LoRA for each row as inputs, beside merged U-Nets called one after another with one
/// row each, and beside the U-Net without any. All three compute with the same memory, in one process, in turns.
/// </summary>
internal static class LoraInputsCommand
{
    private static readonly float[] Timestep = [500];

    private static readonly Dictionary<(string, int), float[]> noise = [];

    public static Command Create()
    {
        var kind = new Argument<string>("kind") { Description = "tiny, sd15, sd21 or sdxl." };
        var side = new Option<int>("--side") { Description = "Of the latents.", DefaultValueFactory = _ => 64 };
        var ranks = new Option<int[]>("--rank") { Description = "Of the LoRAs.", DefaultValueFactory = _ => [16, 64], AllowMultipleArgumentsPerToken = true };
        var rows = new Option<int[]>("--rows") { Description = "Of a call.", DefaultValueFactory = _ => [2, 4], AllowMultipleArgumentsPerToken = true };
        var rounds = new Option<int>("--rounds") { Description = "Calls of each kind, in turns; the middle one counts.", DefaultValueFactory = _ => 3 };
        var command = new Command("lora-inputs", "Compares LoRAs as inputs of a shared call with merged ones.") { kind, side, ranks, rows, rounds };
        command.SetAction(parsed =>
            Run(parsed.GetValue(kind)!, parsed.GetValue(side), parsed.GetValue(ranks)!, parsed.GetValue(rows)!, parsed.GetValue(rounds)));
        return command;
    }

    private static void Run(string kind, int side, int[] ranks, int[] counts, int rounds)
    {
        using var subject = new LoraSubject(kind);
        var layers = subject.Layers(MadeUpLora.IsAttention);
        var pool = new WeightPool();
        var plainGraph = subject.Write();
        using var plain = OnnxGraph.Load(plainGraph, new SessionSettings(), pool);
        using var shared = OnnxGraph.Load(LoraInputs.Over(plainGraph, layers), new SessionSettings(), pool);
        Say(string.Create(CultureInfo.InvariantCulture,
            $"{kind}: {layers.Count} attention projections, latents of {side} x {side}; {Environment.ProcessorCount} cores"));
        Say("rank  rows   plain call   merged, apart   inputs, shared   inputs/merged   inputs/plain   largest difference");
        foreach (int rank in ranks)
        {
            var factors = LoraInputs.Random(layers, counts.Max(), rank);
            // The first row's is merged; those of other rows take as long.
            using var merged = OnnxGraph.Load(subject.Write(weights => new LoraInputs.Merged(weights, factors[0], rank)), new SessionSettings(), pool);
            foreach (int rows in counts)
            {
                var (alone, together, apart) = (new List<double>(), new List<double>(), new List<double>());
                double difference = 0;
                for (int round = -1; round < rounds; round++) // the first is not counted: buffers are made
                {
                    float[] first = [];
                    double a = Timed(() => Call(plain, side, rows, rank, null)), b = 0;
                    for (int row = 0; row < (round < 0 ? 1 : rows); row++) b += Timed(() => first = Call(merged, side, 1, rank, null));
                    float[] all = [];
                    double c = Timed(() => all = Call(shared, side, rows, rank, factors));
                    difference = Math.Max(difference, first.Zip(all, (left, right) => Math.Abs((double)left - right)).Max() / first.Max(Math.Abs));
                    if (round < 0) continue;
                    alone.Add(a);
                    apart.Add(b);
                    together.Add(c);
                }
                Say(string.Create(CultureInfo.InvariantCulture,
                    $"{rank,4}  {rows,4}  {Middle(alone),9:F3} s  {Middle(apart),12:F3} s  {Middle(together),13:F3} s" +
                    $"  {Middle(Ratios(together, apart)),14:F2}  {Middle(Ratios(together, alone)),13:F2}  {difference,18:E1}"));
            }
        }
    }

    private static float[] Call(OnnxGraph graph, int side, int rows, int rank, IReadOnlyList<Dictionary<string, float[]>>? factors)
    {
        long[][] shapes = [.. graph.Inputs.Select(port => port.Name switch
        {
            "sample" => [rows, port.Shape[1], side, side],
            "timestep" => [rows],
            "encoder_hidden_states" => (long[])[rows, 77, port.Shape[2]],
            _ => [rows, port.Shape[1] < 0 ? rank : port.Shape[1], port.Shape[2] < 0 ? rank : port.Shape[2]],
        })];
        float[] answer = [];
        graph.Run(shapes, [graph.Outputs[0].Name], 0, (binding, _) =>
        {
            foreach (var (port, shape) in graph.Inputs.Zip(shapes))
            {
                int length = (int)shape.Skip(1).Aggregate(1L, static (count, one) => count * one);
                for (int row = 0; row < rows; row++)
                    binding.WriteAt(port.Name, row * length, port.Name == "timestep" ? Timestep
                        : factors?[row].GetValueOrDefault(port.Name) ?? Noise(port.Name, row, length));
            }
        }, (binding, _) =>
        {
            answer = new float[binding.RowLength(graph.Outputs[0].Name)];
            binding.Read(graph.Outputs[0].Name, 0, answer);
        });
        return answer;
    }

    private static float[] Noise(string name, int row, int length)
    {
        if (noise.TryGetValue((name, row), out var values) && values.Length == length) return values;
        values = new float[length];
        new PhiloxGenerator((ulong)(row + name.Length)).Normal(values);
        return noise[(name, row)] = values;
    }

    private static double Timed(Action call)
    {
        long began = Stopwatch.GetTimestamp();
        call();
        return Stopwatch.GetElapsedTime(began).TotalSeconds;
    }

    private static List<double> Ratios(List<double> one, List<double> other) => [.. one.Zip(other, (left, right) => left / right)];

    private static double Middle(List<double> values) => values.Order().ElementAt(values.Count / 2);

    private static void Say(string line) => Console.WriteLine(line);
}
