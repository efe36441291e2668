using Darkroom.Models.Graphs;
using Darkroom.Models.Sessions;
using Darkroom.Models.Text;

namespace Darkroom.Models.Families;

/// <summary>Token ids to hidden states, and to one vector for the whole text where the graph has an output for it.</summary>
public sealed class TextEncoder : IGraphPart
{
    /// <summary>CLIP's output for the whole text, behind its projection.</summary>
    internal const string Embeds = "text_embeds";

    private readonly OnnxGraph graph;
    private readonly string ids;
    private readonly GraphPort? vectors; // null: every token has its own
    private readonly FixedBatch batch;
    private readonly string[][] outputs; // by number of layers left out

    /// <param name="graph">The encoder's graph.</param>
    /// <param name="normalised">Whether the hidden states are wanted as they come out of the final layer norm.</param>
    /// <param name="pooled">The output for the whole text, taken where the graph has it.</param>
    /// <exception cref="GraphException">The graph has not the input or output of a text encoder.</exception>
    public TextEncoder(OnnxGraph graph, bool normalised = true, string pooled = Embeds)
    {
        ArgumentNullException.ThrowIfNull(graph);
        this.graph = graph;
        vectors = graph.Inputs.FirstOrDefault(port => port.Name == TokenVectorInputs.Vectors);
        GraphPort[] inputs = [.. graph.Inputs.Where(port => port.Name is not (TokenVectorInputs.Vectors or TokenVectorInputs.Places))];
        if (inputs is not [{ Name: "input_ids" } read])
            throw new GraphException($"the text encoder has inputs {GraphPort.NamesOf(inputs)} where input_ids alone was expected");
        ids = read.Name;
        batch = FixedBatch.OfRows(graph, read);
        var names = graph.Outputs.Select(port => port.Name).ToHashSet(StringComparer.Ordinal);
        string[] whole = names.Contains(pooled) ? [pooled] : [];
        outputs = [.. HiddenOutputs(names, normalised).Select(hidden => (string[])[hidden, .. whole])];
        if (outputs.Length == 0)
            throw new GraphException($"the text encoder has outputs {GraphPort.NamesOf(graph.Outputs)}, none of them last_hidden_state");
    }

    /// <summary>How many of the last layers can be left out; 0: none.</summary>
    public int MaxClipSkip => outputs.Length - 1;

    /// <summary>Why none can be; null where some can, or nobody asked.</summary>
    public string? ClipSkipReason { get; init; }

    /// <summary>Whether a text may have vectors of textual inversions.</summary>
    public bool TakesVectors => vectors is not null;

    /// <summary>Why it may not; null where it may, or nobody asked.</summary>
    public string? VectorsReason { get; init; }

    /// <summary>
    /// Encodes texts of equal length. Result i has the hidden state of text i behind the last layer that is not left out: [tokens, width]. Whether it went
    /// through the final layer norm is decided by the graph's outputs.
    /// </summary>
    /// <param name="texts">Token ids, and the vectors of those that no vocabulary has.</param>
    /// <param name="clipSkip">Last layers left out, 0 to <see cref="MaxClipSkip"/>.</param>
    /// <exception cref="GraphException">The graph refused the call, or has fewer layers.</exception>
    public IReadOnlyList<EncodedText> Run(IReadOnlyList<TokenChunk> texts, int clipSkip = 0)
    {
        ArgumentNullException.ThrowIfNull(texts);
        if (clipSkip > MaxClipSkip)
            throw new GraphException($"clip_skip {clipSkip} is more than this text encoder allows, which is {MaxClipSkip}");
        if (!batch.Takes(texts.Count)) return batch.Run(texts, group => Run(group, clipSkip));
        string[] wanted = outputs[clipSkip];
        var results = new EncodedText[texts.Count];
        int length = texts[0].Ids.Length;
        var feed = TextFeed.Of(texts, vectors);
        long[][] shapes = [.. graph.Inputs.Select(port => port == vectors ? feed.VectorShape : (long[])[texts.Count, length])];
        graph.Run(shapes, wanted, (Self: this, Feed: feed, Length: length, Outputs: wanted, Results: results), static (binding, call) =>
        {
            call.Feed.Write(binding, call.Self.ids, call.Self.TakesVectors);
        }, static (binding, call) =>
        {
            binding.Expect(call.Outputs[0], call.Results.Length, call.Length, -1); // [B, S, D]
            if (call.Outputs.Length > 1) binding.Expect(call.Outputs[1], call.Results.Length, -1);
            int[] shape = [.. binding.ShapeOf(call.Outputs[0])[1..].ToArray().Select(side => (int)side)]; // [S, D]
            for (int row = 0; row < call.Results.Length; row++)
            {
                float[]? pooled = call.Outputs.Length > 1 ? Row(binding, call.Outputs[1], row) : null;
                call.Results[row] = new EncodedText(shape, Row(binding, call.Outputs[0], row)) { Pooled = pooled };
            }
        });
        return results;

        static float[] Row(GraphBinding binding, string output, int row)
        {
            var values = new float[binding.RowLength(output)];
            binding.Read(output, row, values);
            return values;
        }
    }

    OnnxGraph IGraphPart.Graph => graph;

    public void Dispose() => graph.Dispose();

    /// <summary>
    /// Outputs by number of layers left out: those that an edit added; else those that the exporter wrote, which have not seen the layer norm.
    /// </summary>
    private static IEnumerable<string> HiddenOutputs(HashSet<string> names, bool normalised)
    {
        var edited = Enumerable.Range(0, names.Count).Select(HiddenStates.OutputOf).TakeWhile(names.Contains).ToArray();
        int layers = names.Count(HiddenStates.IsExported) - 1;
        return edited.Length != 1 || layers < 1 || normalised ? edited
            : edited.Concat(Enumerable.Range(1, layers - 1).Select(skip => HiddenStates.ExportedOf(layers - skip)));
    }
}
