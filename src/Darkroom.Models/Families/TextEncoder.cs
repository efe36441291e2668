using Darkroom.Models.Sessions;

namespace Darkroom.Models.Families;

/// <summary>Token ids to hidden states.</summary>
public sealed class TextEncoder : IDisposable
{
    private readonly OnnxGraph graph;
    private readonly string ids;
    private readonly string[] outputs;

    /// <exception cref="GraphException">The graph has not the input or output of a text encoder.</exception>
    public TextEncoder(OnnxGraph graph)
    {
        ArgumentNullException.ThrowIfNull(graph);
        this.graph = graph;
        if (graph.Inputs.Count != 1 || graph.Inputs[0].Name != "input_ids")
            throw new GraphException($"the text encoder has inputs {string.Join(", ", graph.Inputs.Select(port => port.Name))} where input_ids alone was expected");
        ids = graph.Inputs[0].Name;
        outputs = graph.Outputs.Any(port => port.Name == "last_hidden_state")
            ? ["last_hidden_state"]
            : throw new GraphException($"the text encoder has outputs {string.Join(", ", graph.Outputs.Select(port => port.Name))}, none of them last_hidden_state");
    }

    /// <summary>Encodes texts of equal length. Result i has the last hidden state of text i, [tokens, width].</summary>
    /// <exception cref="GraphException">The graph refused the call.</exception>
    public IReadOnlyList<(int[] Shape, float[] Values)> Run(IReadOnlyList<ReadOnlyMemory<int>> texts)
    {
        ArgumentNullException.ThrowIfNull(texts);
        var results = new (int[], float[])[texts.Count];
        graph.Run([[texts.Count, texts[0].Length]], outputs, (Self: this, Texts: texts, Results: results), static (binding, call) =>
        {
            for (int row = 0; row < call.Texts.Count; row++)
                binding.Write(call.Self.ids, row, call.Texts[row].Span);
        }, static (binding, call) =>
        {
            string output = call.Self.outputs[0];
            int[] shape = [.. binding.ShapeOf(output)[1..].ToArray().Select(side => (int)side)]; // [S, D]
            for (int row = 0; row < call.Results.Length; row++)
            {
                var values = new float[binding.RowLength(output)];
                binding.Read(output, row, values);
                call.Results[row] = (shape, values);
            }
        });
        return results;
    }

    public void Dispose() => graph.Dispose();
}
