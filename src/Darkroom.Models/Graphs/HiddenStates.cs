using System.Globalization;

namespace Darkroom.Models.Graphs;

/// <summary>
/// Gives a CLIP text encoder's graph further outputs: what it would give with its last layers left out. Layers are found by structure: each adds twice to
/// the stream that runs through them (attention, then the feed-forward part), so the stream's values behind every second addition are the hidden
/// states.
/// </summary>
internal sealed class HiddenStates
{
    private const string Last = "last_hidden_state", Exported = "hidden_states.";

    /// <summary>What a layer norm is made of, in exports that have no node for it.</summary>
    private static readonly HashSet<string> NormParts =
        ["LayerNormalization", "Add", "Sub", "Mul", "Div", "Pow", "Sqrt", "Reciprocal", "ReduceMean", "Cast", "Identity"];

    private readonly OnnxModel model;
    private readonly Dataflow flow;

    private HiddenStates(OnnxModel model)
    {
        this.model = model;
        flow = new Dataflow(model);
    }

    /// <summary>The output with the last <paramref name="skip"/> layers left out.</summary>
    public static string OutputOf(int skip) => skip == 0 ? Last : $"darkroom.{Last}.{skip}";

    /// <summary>The hidden state behind a layer, counted from 1, as exporters write it where they do; 0: the embeddings.</summary>
    public static string ExportedOf(int layer) => Exported + layer.ToString(CultureInfo.InvariantCulture);

    public static bool IsExported(string output) => output.StartsWith(Exported, StringComparison.Ordinal);

    /// <summary>Edits the model in place: one output for each number of layers that can be left out, 1 to layers − 1.</summary>
    /// <param name="normalise">
    /// Whether the outputs go through the final layer norm; else they are the hidden states themselves, which some exporters have written already.
    /// </param>
    /// <param name="layers">How many layers the graph has.</param>
    /// <param name="stated">How many its configuration says it has; null where it does not say.</param>
    public static GraphEdit Apply(OnnxModel model, bool normalise, out int layers, int? stated = null)
    {
        layers = 0;
        var edit = new HiddenStates(model);
        if (model.Outputs.Find(port => port.Name == Last) is not { } output) return GraphEdit.Impossible($"the graph has no output {Last}");
        if (edit.FinalNorm() is not { } norm) return GraphEdit.Impossible($"no layer norm was found before {Last}");
        var stream = edit.StreamTo(norm.Input);
        if (stream.Count % 2 == 0) return GraphEdit.Impossible("the text encoder's layers cannot be told apart");
        layers = stream.Count / 2;
        if (stated is { } count && count != layers)
            return GraphEdit.Impossible($"the graph seems to have {layers} layers where the configuration says {count}");
        string all = ExportedOf(layers);
        if (!normalise && model.Outputs.Exists(port => port.Name == all)) return GraphEdit.NotNeeded;
        for (int skip = 1; skip < layers; skip++)
        {
            string state = stream[2 * skip];
            if (normalise) edit.Repeat(norm.Nodes, norm.Input, state, skip);
            else model.Nodes.Add(new OnnxNode("Identity", OutputOf(skip), [state], [OutputOf(skip)]));
            model.Outputs.Add(output.Named(OutputOf(skip)));
        }
        return layers > 1 ? GraphEdit.Done : GraphEdit.NotNeeded;
    }

    /// <summary>Walks back from the output to the value that the stream ends with, over the nodes of the norm alone.</summary>
    private (string Input, IReadOnlyList<OnnxNode> Nodes)? FinalNorm()
    {
        string? input = null;
        var nodes = new HashSet<OnnxNode>();
        var open = new Stack<string>([Last]);
        while (open.TryPop(out string? value))
        {
            if (value != Last && Residual(value) is not null)
            {
                if (input is not null && input != value) return null;
                input = value;
                continue;
            }
            if (flow.MakerOf(value) is not { } maker || maker.Is("Constant")) continue; // weights
            if (!maker.Domain.Equals("", StringComparison.Ordinal) || !NormParts.Contains(maker.OpType)) return null;
            if (!nodes.Add(maker)) continue;
            foreach (string from in maker.Inputs) open.Push(from);
        }
        return input is null ? null : (input, [.. model.Nodes.Where(nodes.Contains)]);
    }

    /// <summary>The stream's values from the last one back to the embeddings.</summary>
    private List<string> StreamTo(string value)
    {
        var stream = new List<string> { value };
        while (Residual(stream[^1]) is { } before) stream.Add(before);
        return stream;
    }

    /// <summary>For a sum of a value and something made of that same value: the value. Null for any other.</summary>
    private string? Residual(string value)
    {
        while (flow.MakerOf(value) is { } pass && pass.Is("Identity")) value = pass.Inputs[0];
        if (flow.MakerOf(value) is not { } add || !add.Is("Add")) return null;
        string left = add.Inputs[0], right = add.Inputs[1];
        if (flow.MakerOf(left) is null || flow.MakerOf(right) is null || left == right) return null; // a bias
        return flow.Reaches(left, right) ? left : flow.Reaches(right, left) ? right : null;
    }

    /// <summary>The norm once more, with the same weights, over another hidden state.</summary>
    private void Repeat(IReadOnlyList<OnnxNode> norm, string input, string state, int skip)
    {
        var made = norm.SelectMany(node => node.Outputs).ToHashSet(StringComparer.Ordinal);
        foreach (var node in norm)
        {
            var copy = node.Copy();
            copy.Name = Renamed(node.Name);
            for (int i = 0; i < copy.Inputs.Count; i++)
                copy.Inputs[i] = copy.Inputs[i] == input ? state : made.Contains(copy.Inputs[i]) ? Renamed(copy.Inputs[i]) : copy.Inputs[i];
            for (int i = 0; i < copy.Outputs.Count; i++)
                if (copy.Outputs[i].Length > 0) copy.Outputs[i] = Renamed(copy.Outputs[i]);
            model.Nodes.Add(copy);
        }

        string Renamed(string name) => name == Last ? OutputOf(skip) : $"{name}.skip{skip}";
    }
}
