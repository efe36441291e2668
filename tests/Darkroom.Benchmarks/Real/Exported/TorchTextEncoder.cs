using Darkroom.Models.Graphs;
using Darkroom.Models.Graphs.Writing;
using Darkroom.Models.Networks;
using Darkroom.Models.Networks.Clip;

namespace Darkroom.Benchmarks.Real.Exported;

/// <summary>transformers' <c>CLIPTextModel</c>, with or without a projection, as torch's exporter writes it.</summary>
internal sealed class TorchTextEncoder
{
    private readonly ClipTextShape shape;
    private readonly TorchModule model;
    private readonly GraphWriter graph;
    private readonly GraphValue ids;

    private TorchTextEncoder(ClipTextShape shape, NetworkWriter network)
    {
        (this.shape, model, graph) = (shape, new TorchModule(network)["text_model"], network.Graph);
        ids = graph.Input("input_ids", OnnxElement.Int64, "batch_size", "sequence_length");
    }

    /// <param name="hidden">Whether every layer's states are outputs, as optimum has it for SDXL.</param>
    /// <returns>Null where the weights do not fit.</returns>
    public static WrittenGraph? Write(ClipTextShape shape, NetworkWriter network, bool hidden, string part)
    {
        new TorchTextEncoder(shape, network).Write(new TorchModule(network)["text_projection"], hidden);
        return network.Finish(part);
    }

    private void Write(TorchModule projection, bool hidden)
    {
        var length = model.Side(ids, 1);
        var read = model.Reshape(ids, 0, model.Sides(-1, length));
        var mask = Mask(model.Side(ids, 0), length);
        var states = new List<GraphValue> { Embeddings(read) };
        for (int i = 0; i < shape.Layers; i++) states.Add(Layer(model["encoder"]["layers", i], states[^1], mask));
        var last = model["final_layer_norm"].LayerNorm(states[^1], shape.Epsilon);
        graph.FloatOutput("last_hidden_state", last, "batch_size", "sequence_length", shape.Width);
        for (int i = 0; hidden && i < states.Count; i++)
            graph.FloatOutput($"hidden_states.{i}", states[i], "batch_size", "sequence_length", shape.Width);
        var pooled = Pooled(last, read);
        if (shape.Projection is { } width) graph.FloatOutput("text_embeds", projection.Linear(pooled, width, bias: false), "batch_size", width);
        else graph.FloatOutput("pooler_output", pooled, "batch_size", shape.Width);
    }

    private GraphValue Embeddings(GraphValue read)
    {
        var embeddings = model["embeddings"];
        var places = graph.Integers([.. Enumerable.Range(0, shape.Positions).Select(place => (long)place)]);
        places = embeddings.Add("Unsqueeze", 0, [places, graph.Integers([0])]); // a constant of the exporter's
        var end = embeddings.Add("Unsqueeze", 0, [embeddings.Side(read, 1), graph.Integers([0])]);
        places = embeddings.Add("Slice", 0, [places, graph.Integers([0]), end, graph.Integers([1]), graph.Integers([1])]);
        var (tokens, positions) = (embeddings["token_embedding"], embeddings["position_embedding"]);
        return embeddings.Add("Add", shape.Width,
        [
            tokens.Add("Gather", shape.Width, [tokens.Weight("weight", shape.Vocabulary, shape.Width), read]),
            positions.Add("Gather", shape.Width, [positions.Weight("weight", shape.Positions, shape.Width), places]),
        ]);
    }

    /// <summary>0 where a position may look, else the least number: [B, 1, S, S].</summary>
    private GraphValue Mask(GraphValue batch, GraphValue length)
    {
        var before = model.Add("Sub", 0, [length, length]); // tokens that were read in earlier calls: none
        var least = model.Add("Expand", 0, [graph.Number(float.MinValue), model.Sides(length, length)]); // a ConstantOfShape of the exporter's
        var numbers = model.Add("Range", 0, [graph.Integer(0), model.Cast(length, OnnxElement.Int64), graph.Integer(1)]);
        var after = model.Reshape(model.Add("Add", 0, [numbers, graph.Integer(1)]), 0, model.Sides(length, 1L));
        var sees = model.Cast(model.Add("Less", 0, [numbers, after]), OnnxElement.Bool);
        var mask = model.Add("Where", 0, [sees, graph.Number(0), least]);
        foreach (long axis in (long[])[0, 1]) mask = model.Add("Unsqueeze", 0, [mask, graph.Integers([axis])]);
        return model.Expanded(mask, model.Sides(batch, 1L, length, model.Add("Add", 0, [length, before])));
    }

    private GraphValue Layer(TorchModule layer, GraphValue values, GraphValue mask)
    {
        int width = shape.Width;
        values = layer.Add("Add", width, [values, Attend(layer["self_attn"], layer["layer_norm1"].LayerNorm(values, shape.Epsilon), mask)]);
        var mlp = layer["mlp"];
        var inner = mlp["fc1"].Linear(layer["layer_norm2"].LayerNorm(values, shape.Epsilon), shape.InnerWidth);
        return layer.Add("Add", width, [values, mlp["fc2"].Linear(shape.ExactGelu ? mlp.Gelu(inner) : QuickGelu(mlp["activation_fn"], inner), width)]);
    }

    private GraphValue QuickGelu(TorchModule module, GraphValue values) => module.Add("Mul", values.Width,
        [values, module.Add("Sigmoid", values.Width, [module.Add("Mul", values.Width, [values, graph.Number(1.702f)])])]);

    private GraphValue Attend(TorchModule module, GraphValue values, GraphValue mask)
    {
        int width = shape.Width, own = width / shape.Heads;
        GraphValue[] sides = [.. Enumerable.Range(0, 3).Select(axis => module.Side(values, axis))];
        var (q, k, v) = (Heads(module["q_proj"]), Heads(module["k_proj"]), Heads(module["v_proj"]));
        q = module.Turn(q, own, 0, 2, 1, 3); // [B, H, S, C/H]
        v = module.Turn(v, own, 0, 2, 1, 3);
        var end = module.Add("Unsqueeze", 0, [module.Side(module.Turn(k, own, 0, 2, 1, 3), 2), graph.Integers([0])]);
        var seen = module.Add("Slice", 0, [mask, graph.Integers([0]), end, graph.Integers([3]), graph.Integers([1])]);
        var root = graph.Number((float)Math.Sqrt(1 / Math.Sqrt(own)));
        var attended = TorchAttention.Products(module, q, module.Turn(k, own, 0, 2, 3, 1), v, () => root, seen);
        attended = module.Reshape(module.Turn(attended, own, 0, 2, 1, 3), width, module.Sides(sides[0], sides[1], sides[2]));
        return module["out_proj"].Linear(attended, width);

        GraphValue Heads(TorchModule projection) =>
            module.Reshape(projection.Linear(values, width), own, module.Sides(sides[0], sides[1], -1, own));
    }

    /// <summary>The states at the greatest id, which is the end of the text: [B, C].</summary>
    private GraphValue Pooled(GraphValue last, GraphValue read)
    {
        var rows = model.Add("Range", 0, [graph.Integer(0), model.Cast(model.Side(last, 0), OnnxElement.Int64), graph.Integer(1)]);
        var ends = model.Add("ArgMax", 0, [model.Cast(read, OnnxElement.Int32)], static node => node.Set("axis", -1).Set("keepdims", 0));
        var sides = model.Add("Shape", 0, [last]);
        var length = model.Add("Gather", 0, [sides, graph.Integers([1])], static node => node.Set("axis", 0));
        var places = model.Add("Add", 0, [ends, model.Add("Mul", 0, [rows, length])]);
        var flat = model.Add("Flatten", shape.Width, [last], static node => node.Set("axis", 2));
        var pooled = model.Add("Gather", shape.Width, [flat, places], static node => node.Set("axis", 0));
        var width = model.Add("Gather", 0, [sides, graph.Integers([2])], static node => node.Set("axis", 0));
        pooled = model.Reshape(pooled, shape.Width, model.Add("Concat", 0, [graph.Integers([-1]), width], static node => node.Set("axis", 0)));
        var all = model.Add("Concat", 0, [model.Add("Shape", 0, [places]), width], static node => node.Set("axis", 0));
        return model.Reshape(pooled, shape.Width, all);
    }
}
