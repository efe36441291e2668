using Darkroom.Models.Graphs.Writing;

namespace Darkroom.Models.Graphs.Quantising;

/// <summary>Writes a linear layer over whole numbers.</summary>
internal static class LinearNodes
{
    /// <summary>
    /// x to bytes with the scale of the whole tensor, their product with 8-bit weights, and back: y = (q − z) · W · s_x · s_w + b. ONNX Runtime's kernels
    /// do the last three in one pass.
    /// </summary>
    public static void WholeTensor(NodeList nodes, OnnxNode layer, IntegerWeight weight, string bias)
    {
        string[] x = nodes.OnceMany("DynamicQuantizeLinear", "", 3, [layer.Inputs[0]]);
        nodes.Add("MatMulIntegerToFloat", layer.Name + "/int8", [x[0], weight.Values, x[1], weight.Scales, x[2], weight.Zero, bias], [layer.Outputs[0]],
            domain: GraphWriter.Runtime);
    }

    /// <summary>
    /// The same with a scale for each position: y = (round(x / s_x) · W · s_w) · s_x + b, where s_x is the position's largest magnitude over 127. A position
    /// with large values, as transformers have them, takes no precision from the others.
    /// </summary>
    /// <param name="nodes">Receives the nodes.</param>
    /// <param name="name">Of the layer.</param>
    /// <param name="x">[…, in].</param>
    /// <param name="weight">[in, out].</param>
    /// <param name="bias">[out]; empty: none.</param>
    /// <param name="output">[…, out].</param>
    public static void Positions(NodeList nodes, string name, string x, IntegerWeight weight, string bias, string output)
    {
        string size = nodes.Once("Abs", "", [x]);
        string largest = nodes.AxesAreInputs
            ? nodes.Once("ReduceMax", "", [size, nodes.Integers(-1)], static node => node.Set("keepdims", 1))
            : nodes.Once("ReduceMax", "", [size], static node => node.Set("axes", [-1]).Set("keepdims", 1));
        // A position of zeros has some scale too.
        string scale = nodes.Once("Mul", "", [nodes.Once("Max", "", [largest, nodes.Number(1e-30f)]), nodes.Number(1f / 127)]);
        string levels = nodes.Once("QuantizeLinear", "", [nodes.Once("Div", "", [x, scale]), nodes.Number(1), nodes.Byte(QuantisedForm.Middle)]);
        string product = output + "/product", scaled = bias.Length > 0 ? output + "/scaled" : output;
        nodes.Add("MatMulIntegerToFloat", name + "/int8",
            [levels, weight.Values, nodes.Number(1), weight.Scales, nodes.Byte(QuantisedForm.Middle), weight.Zero], [product], domain: GraphWriter.Runtime);
        nodes.Add("Mul", name + "/scale", [product, scale], [scaled]);
        if (bias.Length > 0) nodes.Add("Add", name + "/bias", [scaled, bias], [output]);
    }

    /// <summary>ONNX Runtime's product with weights in blocks, each with a scale of its own.</summary>
    public static void Blocks(NodeList nodes, OnnxNode layer, string weight, string bias, QuantisedForm form, long outputs, long inputs) =>
        nodes.Add("MatMulNBits", layer.Name + "/blocks", [layer.Inputs[0], weight, weight + PlacedWeight.ScaleEnd, "", "", bias], [layer.Outputs[0]],
            // Its arithmetic is that of 8 bits; in float32 it is slower than without quantised weights.
            node => node.Set("K", inputs).Set("N", outputs).Set("bits", form.Bits).Set("block_size", form.Block).Set("accuracy_level", 4),
            GraphWriter.Runtime);
}
