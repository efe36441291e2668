using Darkroom.Models.Graphs;
using Darkroom.Models.Sessions;
using Darkroom.Models.Text;

namespace Darkroom.Models.Families;

/// <summary>Token ids to hidden states.</summary>
public sealed class TextEncoder : IGraphPart
{
    private readonly OnnxGraph graph;
    private readonly string ids;
    private readonly string[][] outputs; // by number of layers left out

    /// <exception cref="GraphException">The graph has not the input or output of a text encoder.</exception>
    public TextEncoder(OnnxGraph graph)
    {
        ArgumentNullException.ThrowIfNull(graph);
        this.graph = graph;
        if (graph.Inputs.Count != 1 || graph.Inputs[0].Name != "input_ids")
            throw new GraphException($"the text encoder has inputs {string.Join(", ", graph.Inputs.Select(port => port.Name))} where input_ids alone was expected");
        ids = graph.Inputs[0].Name;
        outputs = [.. Enumerable.Range(0, graph.Outputs.Count).Select(HiddenStates.OutputOf).TakeWhile(name => graph.Outputs.Any(port => port.Name == name)).Select(name => new[] { name })];
        if (outputs.Length == 0)
            throw new GraphException($"the text encoder has outputs {string.Join(", ", graph.Outputs.Select(port => port.Name))}, none of them last_hidden_state");
    }

    /// <summary>How many of the last layers can be left out; 0: none.</summary>
    public int MaxClipSkip => outputs.Length - 1;

    /// <summary>Why none can be; null where some can, or nobody asked.</summary>
    public string? ClipSkipReason { get; init; }

    /// <summary>
    /// Encodes texts of equal length. Result i has the hidden state of text i behind the last layer that is not left out, through the final layer norm:
    /// [tokens, width].
    /// </summary>
    /// <param name="texts">Token ids.</param>
    /// <param name="clipSkip">Last layers left out, 0 to <see cref="MaxClipSkip"/>.</param>
    /// <exception cref="GraphException">The graph refused the call, or has fewer layers.</exception>
    public IReadOnlyList<EncodedText> Run(IReadOnlyList<ReadOnlyMemory<int>> texts, int clipSkip = 0)
    {
        ArgumentNullException.ThrowIfNull(texts);
        if (clipSkip > MaxClipSkip)
            throw new GraphException($"clip_skip {clipSkip} is more than this text encoder allows, which is {MaxClipSkip}");
        string[] wanted = outputs[clipSkip];
        var results = new EncodedText[texts.Count];
        graph.Run([[texts.Count, texts[0].Length]], wanted, (Self: this, Texts: texts, Output: wanted[0], Results: results), static (binding, call) =>
        {
            for (int row = 0; row < call.Texts.Count; row++)
                binding.Write(call.Self.ids, row, call.Texts[row].Span);
        }, static (binding, call) =>
        {
            string output = call.Output;
            int[] shape = [.. binding.ShapeOf(output)[1..].ToArray().Select(side => (int)side)]; // [S, D]
            for (int row = 0; row < call.Results.Length; row++)
            {
                var values = new float[binding.RowLength(output)];
                binding.Read(output, row, values);
                call.Results[row] = new EncodedText(shape, values);
            }
        });
        return results;
    }

    OnnxGraph IGraphPart.Graph => graph;

    public void Dispose() => graph.Dispose();
}
