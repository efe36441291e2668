using Darkroom.Models.Files.Safetensors;
using Darkroom.Models.Graphs.Writing;

namespace Darkroom.Models.Graphs.Quantising;

/// <summary>
/// Has a graph compute its large layers with whole numbers. Weights are not read here: the graph says how each is to be quantised, and what opens it does
/// that as it reads them out of their file.
/// </summary>
internal sealed class QuantisedGraph
{
    /// <summary>A layer over a row's vectors stays float32 up to this many values: it takes no time, and its errors are in every position.</summary>
    private const long MaxVectorWeights = 1 << 21;

    private const int VectorBlock = 32;

    private readonly OnnxModel model;
    private readonly QuantisingRules rules;
    private readonly ConstantWeights constants;
    private readonly NodeList nodes;
    private readonly Dictionary<string, PlacedWeight> weights = new(StringComparer.Ordinal);

    private QuantisedGraph(OnnxModel model, QuantisingRules rules, IReadOnlyDictionary<string, PlacedWeight> placed)
    {
        (this.model, this.rules) = (model, rules);
        constants = new(model, new Dataflow(model), placed);
        nodes = new(model);
    }

    /// <summary>Quantises an exported graph, whose weights are in its files, or said to be elsewhere by <see cref="OnnxModel.Weights"/>.</summary>
    /// <returns>How many layers.</returns>
    public static int Apply(OnnxModel model, QuantisingRules rules)
    {
        var graph = new QuantisedGraph(model, rules, model.Weights.ToDictionary(weight => weight.Place, StringComparer.Ordinal));
        graph.Rewrite();
        string file = Path.GetFileName(model.Path);
        foreach (var weight in graph.weights.Values)
        {
            model.Weights.Add(weight);
            // Said to be in the graph's own file; what opens the model hands over the memory before anybody looks there.
            model.Tensors.AddRange(weight.Pieces.Select(piece => OnnxTensor.InFile(piece.Name, piece.Element, piece.Sides, file, 0, piece.Bytes)));
        }
        var used = graph.Used();
        model.Weights.RemoveAll(weight => weight.Form is null && !used.Contains(weight.Place));
        return graph.weights.Count;
    }

    /// <summary>Quantises a graph that was written here.</summary>
    public static WrittenGraph Of(WrittenGraph written, QuantisingRules rules)
    {
        var model = OnnxModel.Of(written);
        var graph = new QuantisedGraph(model, rules, written.Weights);
        graph.Rewrite();
        foreach (var weight in graph.weights.Values)
            model.Tensors.AddRange(weight.Pieces.Select(piece => OnnxTensor.InFile(piece.Name, piece.Element, piece.Sides, piece.Name, 0, piece.Bytes)));
        var used = graph.Used();
        var kept = written.Weights.Where(weight => used.Contains(weight.Key)).Concat(graph.weights)
            .ToDictionary(weight => weight.Key, weight => weight.Value, StringComparer.Ordinal);
        return written with { Model = model.ToArray(), Weights = kept };
    }

    private void Rewrite()
    {
        var found = new Dictionary<OnnxNode, StoredTensor>();
        foreach (var node in model.Nodes)
            if (WeightOf(node) is { } weight) found[node] = weight;
        var places = new LayerPlaces(model, found.Keys.ToHashSet());
        foreach (var node in model.Nodes)
            if (!found.TryGetValue(node, out var weight) || places.IsEnd(node) || !TryWrite(node, weight, places.SeesVectors(node))) nodes.Nodes.Add(node);
        model.Nodes.Clear();
        model.Nodes.AddRange(nodes.Nodes);
        model.Import(GraphWriter.Runtime, 1);
        RemoveUnused();
        var used = Used();
        model.Tensors.RemoveAll(tensor => !used.Contains(tensor.Name));
        model.Values.Clear(); // hints, of values some of which are gone
    }

    /// <summary>The weight of a layer, as torch has it; null for another node, and one whose weight is computed.</summary>
    private StoredTensor? WeightOf(OnnxNode node)
    {
        if (node.Is("Conv")) return constants.Find(node.Inputs[1], takesTransposed: false);
        if (node.Is("MatMul")) return constants.Find(node.Inputs[1], takesTransposed: true) is { Shape.Count: 2 } matrix ? matrix : null;
        return node.Is("Gemm") && node.Integer("transA") is null or 0 && IsOne(node, "alpha") && IsOne(node, "beta")
            ? constants.Find(node.Inputs[1], takesTransposed: node.Integer("transB") is not 1)
            : null;
    }

    /// <summary>Writes a layer over whole numbers; false where it stays as it is.</summary>
    private bool TryWrite(OnnxNode node, StoredTensor weight, bool ofVectors)
    {
        long outputs = weight.Shape[0], inputs = weight.Shape[1];
        if (Math.Min(outputs, inputs) < rules.MinChannels) return false;
        string bias = node.Inputs.Count > 2 ? node.Inputs[2] : "";
        if (node.Is("Conv"))
        {
            if (!rules.Convolutions || ofVectors || !constants.IsConstant(bias)) return false;
            if (ConvolutionNodes.KernelOf(node, weight.Shape) is not { } kernel) return false;
            ConvolutionNodes.Write(nodes, node, Columns(), bias, kernel);
            return true;
        }
        if (rules.Linear == LinearForm.None || (ofVectors && weight.Count <= MaxVectorWeights)) return false;
        if (ofVectors || rules.Linear == LinearForm.Blocks)
        {
            var form = QuantisedForm.Blocks(ofVectors ? 8 : rules.Bits, ofVectors ? VectorBlock : rules.Block);
            LinearNodes.Blocks(nodes, node, Place(node, weight, form), bias, form, outputs, inputs);
            return true;
        }
        if (rules.Linear == LinearForm.WholeTensor) LinearNodes.WholeTensor(nodes, node, Columns(), bias);
        else LinearNodes.Positions(nodes, node.Name, node.Inputs[0], Columns(), bias, node.Outputs[0]);
        return true;

        // The weight, its scales, and what stands for zero in it.
        IntegerWeight Columns() => new(
            Place(node, weight, QuantisedForm.Columns(rules.UnsignedWeights)), rules.UnsignedWeights ? nodes.Byte(QuantisedForm.Middle) : "");
    }

    private string Place(OnnxNode node, StoredTensor tensor, QuantisedForm form)
    {
        // A value that is taken both ways is two weights here.
        bool turned = node.Is("MatMul") || (node.Is("Gemm") && node.Integer("transB") is not 1);
        string name = $"{node.Inputs[1]}{(turned ? ".turned" : "")}.int{form.Bits}";
        weights.TryAdd(name, new PlacedWeight(tensor, form.Element, name) { Form = form });
        return name;
    }

    /// <summary>Takes out what gave values to the layers that are gone: the runtime would compute it before it looks.</summary>
    private void RemoveUnused()
    {
        int before;
        do
        {
            before = model.Nodes.Count;
            var wanted = Used();
            model.Nodes.RemoveAll(node => !node.Outputs.Exists(wanted.Contains));
        }
        while (model.Nodes.Count < before);
    }

    private HashSet<string> Used() =>
        [.. model.Nodes.SelectMany(node => node.Inputs), .. model.Outputs.Select(port => port.Name)];

    private static bool IsOne(OnnxNode node, string attribute) =>
        node.Find(attribute) is not { } found || found.Fields.LastOrDefault(field => field.Number == 2).Value == BitConverter.SingleToUInt32Bits(1);
}
