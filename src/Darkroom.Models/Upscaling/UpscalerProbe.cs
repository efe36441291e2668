using Darkroom.Models.Sessions;
using Microsoft.ML.OnnxRuntime.Tensors;

namespace Darkroom.Models.Upscaling;

/// <summary>Finds out how a graph must be called: from its ports, and by calling it on small grey pictures.</summary>
internal static class UpscalerProbe
{
    /// <summary>Sides tried for a free graph; some networks need more than a few pixels.</summary>
    private static readonly int[] Sides = [16, 64];

    /// <summary>Tried in this order where a graph does not take every size: window sizes of attention networks, levels of pyramids.</summary>
    private static readonly int[] Multiples = [2, 4, 8, 16, 32, 64];

    private const int MaxScale = 16;

    /// <param name="stated">Multiple and radius as the file states them.</param>
    /// <exception cref="GraphException">The graph is no upscaler that can be used; the message says what it is instead.</exception>
    public static UpscalerTraits Run(OnnxGraph graph, (int? Multiple, int? Radius) stated)
    {
        var (input, output) = Ports(graph);
        int channels = input.Shape[1] < 0 ? 3 : input.Shape[1];
        var probe = new Caller(graph, input, output, channels);
        int width = input.Shape[3], height = input.Shape[2];
        var (side, scale) = Scale(probe, width, height);
        bool shares = !graph.NeedsRowsAlone && input.Shape[0] < 0 && probe.Ask(2, width < 0 ? side : width, height < 0 ? side : height) == scale;
        return new UpscalerTraits(
            scale, channels, width < 0 ? null : width, height < 0 ? null : height, shares,
            width > 0 && height > 0 ? 1 : stated.Multiple ?? Multiple(probe, side, scale, width, height), stated.Radius);
    }

    private static (GraphPort Input, GraphPort Output) Ports(OnnxGraph graph)
    {
        if (graph.Inputs is not [var input] || graph.Outputs is not [var output])
            throw new GraphException(
                $"takes {Names(graph.Inputs)} and gives {Names(graph.Outputs)} where an upscaler has one picture in and one out");
        foreach (var port in new[] { input, output })
            if (port.Rank != 4 || port.Element is not (TensorElementType.Float or TensorElementType.Float16))
                throw new GraphException($"'{port.Name}' is {port.Element} {ShapeOf(port)} where float [batch, channels, height, width] was expected");
        if (input.Shape[1] is not (3 or 1 or < 0) || input.Shape[0] is not (1 or < 0))
            throw new GraphException($"'{input.Name}' is {ShapeOf(input)} where [batch, 3, height, width] or [batch, 1, height, width] was expected");
        return (input, output);
    }

    private static (int Side, int Scale) Scale(Caller probe, int width, int height)
    {
        GraphException? refusal = null;
        foreach (int side in Sides)
        {
            try
            {
                return (side, probe.ScaleOf(1, width < 0 ? side : width, height < 0 ? side : height));
            }
            catch (GraphException e)
            {
                refusal = e;
            }
        }
        throw refusal!;
    }

    private static int Multiple(Caller probe, int side, int scale, int width, int height)
    {
        int Sized(int axis, int step) => axis < 0 ? side + step : axis;
        if (probe.Ask(1, Sized(width, 3), Sized(height, 1)) == scale) return 1;
        foreach (int multiple in Multiples)
            if (probe.Ask(1, Sized(width, 3 * multiple), Sized(height, multiple)) == scale) return multiple;
        throw new GraphException($"takes a picture of {side} x {side} pixels but none of other sizes");
    }

    private static string ShapeOf(GraphPort port) => $"[{string.Join(", ", port.Shape)}]";

    private static string Names(IReadOnlyList<GraphPort> ports) => ports.Count == 0 ? "nothing" : string.Join(", ", ports.Select(port => port.Name));

    private sealed class Caller(OnnxGraph graph, GraphPort input, GraphPort output, int channels)
    {
        /// <summary>The scale of a call; 0 where the graph refuses it.</summary>
        public int Ask(int rows, int width, int height)
        {
            try
            {
                return ScaleOf(rows, width, height);
            }
            catch (GraphException)
            {
                return 0;
            }
        }

        public int ScaleOf(int rows, int width, int height)
        {
            float[] grey = new float[channels * width * height];
            Array.Fill(grey, 0.5f);
            long[] answer = [];
            graph.Run(
                [[rows, channels, height, width]], [output.Name], 0,
                (binding, _) =>
                {
                    for (int row = 0; row < rows; row++) binding.Write(input.Name, row, grey);
                },
                (binding, _) => answer = binding.ShapeOf(output.Name).ToArray());
            long scale = answer.Length == 4 ? answer[3] / width : 0;
            if (scale is < 1 or > MaxScale || !answer.AsSpan().SequenceEqual([rows, channels, height * scale, width * scale]))
                throw new GraphException(
                    $"answers [{rows}, {channels}, {height}, {width}] with [{string.Join(", ", answer)}], "
                    + "which is no picture a whole number of times as large");
            return (int)scale;
        }
    }
}
