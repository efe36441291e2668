using Darkroom.Diffusion.Noise;
using Darkroom.Models.Graphs;
using Darkroom.Models.Graphs.Writing;
using Darkroom.Models.Sessions;
using Microsoft.ML.OnnxRuntime.Tensors;

namespace Darkroom.Models.Tests.Networks;

/// <summary>An input of a call: what an input of the name is given, whatever it wants it as.</summary>
internal sealed record Feed(long[] Shape, float[] Values)
{
    public static Feed Normal(int seed, params long[] shape)
    {
        var values = new float[shape.Aggregate(1L, (count, side) => count * side)];
        new PhiloxGenerator((ulong)seed).Normal(values);
        return new(shape, values);
    }

    public static Feed Of(params float[] values) => new([values.Length], values);
}

/// <summary>A graph of ours and the exporter's of the same network, given the same.</summary>
internal static class Twins
{
    /// <summary>Runs a graph and gives its outputs.</summary>
    public static Dictionary<string, Feed> Run(OnnxGraph graph, IReadOnlyDictionary<string, Feed> feeds, IReadOnlyList<string>? outputs = null)
    {
        outputs ??= [.. graph.Outputs.Select(port => port.Name)];
        var results = new Dictionary<string, Feed>();
        var own = new Dictionary<string, Feed>(feeds);
        if (feeds.TryGetValue("input_ids", out var ids) && graph.Inputs.FirstOrDefault(port => port.Name == TokenVectorInputs.Vectors) is { } vectors)
        {
            // Every token has its own vector, unless a test says otherwise.
            own.TryAdd(TokenVectorInputs.Places, new(ids.Shape, new float[ids.Values.Length]));
            own.TryAdd(TokenVectorInputs.Vectors, new([1, vectors.Shape[1]], new float[vectors.Shape[1]]));
        }
        feeds = own;
        // An exporter's timestep may be one number for all rows.
        long[][] shapes = [.. graph.Inputs.Select(port => port.Rank == 0 ? [] : feeds[port.Name].Shape)];
        graph.Run(shapes, outputs, 0, (binding, _) =>
        {
            foreach (var port in graph.Inputs)
                binding.WriteAt(port.Name, 0, port.Rank == 0 ? feeds[port.Name].Values.AsSpan(0, 1) : feeds[port.Name].Values);
        }, (binding, _) =>
        {
            foreach (string output in outputs)
            {
                long[] shape = binding.ShapeOf(output).ToArray();
                var values = new float[shape.Aggregate(1L, (count, side) => count * side)];
                int row = binding.RowLength(output);
                for (int i = 0; i < shape[0]; i++) binding.Read(output, i, values.AsSpan(i * row, row));
                results[output] = new(shape, values);
            }
        });
        return results;
    }

    /// <summary>Runs both and compares what both give.</summary>
    /// <returns>The greatest difference, of the output's greatest value where that is above 1.</returns>
    public static double Compare(WrittenGraph written, string exported, IReadOnlyDictionary<string, Feed> feeds)
    {
        using var ours = OnnxGraph.Load(written, new SessionSettings());
        using var theirs = OnnxGraph.Load(exported, new SessionSettings());
        var (given, wanted) = (Run(ours, feeds), Run(theirs, feeds));
        string[] shared = [.. wanted.Keys.Intersect(given.Keys)];
        Assert.NotEmpty(shared);
        return shared.Max(output => Furthest(output, wanted[output], given[output]));
    }

    /// <summary>Free axes have names and inputs types as the rest of the room expects them.</summary>
    public static void TakesAndGives(WrittenGraph written, string[] inputs, string[] outputs)
    {
        using var graph = OnnxGraph.Load(written, new SessionSettings());
        Assert.Equal(inputs, graph.Inputs.Select(port => port.Name));
        Assert.Equal(outputs, graph.Outputs.Select(port => port.Name));
        Assert.All(graph.Outputs, port => Assert.Equal(TensorElementType.Float, port.Element));
    }

    public static double Furthest(string output, Feed wanted, Feed given)
    {
        Assert.Equal(wanted.Shape, given.Shape);
        double largest = Math.Max(1, wanted.Values.Max(value => Math.Abs((double)value)));
        double furthest = wanted.Values.Zip(given.Values, (one, other) => Math.Abs((double)one - other)).Max();
        Assert.True(double.IsFinite(furthest), $"{output} is not finite");
        return furthest / largest;
    }
}
