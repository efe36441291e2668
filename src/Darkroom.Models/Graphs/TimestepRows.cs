namespace Darkroom.Models.Graphs;

/// <summary>
/// Gives every row its own timestep. Most exports take one number for the whole batch and lift it to <c>[1]</c>, then to <c>[B]</c>; here the input itself
/// becomes <c>[B]</c>, and every node that lifted it lets it through. Followed by dataflow, not by names: exporters differ in both.
/// Whether the result is right is not decided here: who opens the edited graph proves it by running it.
/// </summary>
internal sealed class TimestepRows
{
    private readonly OnnxModel model;
    private readonly Dataflow flow;
    private readonly Queue<(string Value, int Rank)> open = new();
    private readonly HashSet<string> touched = new(StringComparer.Ordinal);
    private int added;

    private TimestepRows(OnnxModel model)
    {
        this.model = model;
        flow = new Dataflow(model);
    }

    /// <summary>Edits the model in place; after a refusal it is half edited and not to be used.</summary>
    public static GraphEdit Apply(OnnxModel model, string sampleName, string timestepName)
    {
        var sample = model.Inputs.Find(port => port.Name == sampleName);
        int at = model.Inputs.FindIndex(port => port.Name == timestepName);
        if (at < 0 || sample?.Axes is not [var rows, ..]) return GraphEdit.Impossible("the graph has not the inputs of a denoiser");
        if (model.Inputs[at].Axes is not { Count: <= 1 } axes) return GraphEdit.Impossible("the timestep's shape is not a single number");
        if (rows.Fixed is { } count) return GraphEdit.Impossible($"the graph takes {count} rows, not any number");
        if (axes is [{ Fixed: null } axis] && axis.Name == rows.Name) return GraphEdit.NotNeeded;
        if (axes is [{ Fixed: > 1 }]) return GraphEdit.Impossible("the graph takes a fixed number of timesteps");

        var edit = new TimestepRows(model);
        edit.open.Enqueue((timestepName, axes.Count));
        while (edit.open.TryDequeue(out var next))
            if (edit.Follow(next.Value, next.Rank) is { } reason)
                return GraphEdit.Impossible(reason);
        model.Inputs[at] = model.Inputs[at].AsRows(rows.Name);
        model.Values.RemoveAll(value => edit.touched.Contains(value.Name));
        return GraphEdit.Done;
    }

    /// <summary>Edits who takes a value that was one number (rank 0) or a list of one (rank 1), and is a list of rows now.</summary>
    private string? Follow(string value, int rank)
    {
        touched.Add(value);
        foreach (var node in flow.TakersOf(value))
            if (Edit(node, value, rank) is { } reason)
                return reason;
        return null;
    }

    private string? Edit(OnnxNode node, string value, int rank) => node switch
    {
        _ when node.Is("Cast") || node.Is("Identity") => Pass(node, rank),
        _ when node.Is("Clip") && node.Inputs[0] == value => Pass(node, rank),
        _ when node.Is("Unsqueeze") => Unsqueeze(node, rank),
        _ when node.Is("Squeeze") && rank == 1 => Skip(node, 0),
        _ when node.Is("Reshape") => Reshape(node, value),
        _ when (node.Is("Expand") || node.Is("Tile")) && node.Inputs[0] == value => Expand(node, rank),
        _ when node.Is("Gather") && rank == 1 && node.Inputs[0] == value && flow.ConstantOf(node.Inputs[1]) is { Count: 1 } index =>
            Skip(node, index.Shape.Count),
        _ when node.Is("Mul") || node.Is("Div") || node.Is("Add") || node.Is("Sub") => Arithmetic(node, value, rank),
        _ when rank == 1 || node.Is("Shape") => null, // takes a list of rows already
        _ => $"node '{node.Name}' ({node.OpType}) takes the timestep as a single number",
    };

    private string? Pass(OnnxNode node, int rank)
    {
        open.Enqueue((node.Outputs[0], rank));
        return null;
    }

    private string? Skip(OnnxNode node, int rank)
    {
        node.MakeIdentity();
        return Pass(node, rank);
    }

    /// <summary>An axis in front is what the rows are now; axes behind stay.</summary>
    private string? Unsqueeze(OnnxNode node, int rank)
    {
        if ((node.Integers("axes") ?? (node.Inputs.Count > 1 ? flow.IntegersOf(node.Inputs[1]) : null)) is not { } axes)
            return $"node '{node.Name}' adds axes that are computed";
        int full = rank + axes.Count;
        if (full == 1) return Skip(node, 1);
        long[] behind = AxesBehind(full);
        touched.Add(node.Outputs[0]);
        if (node.Integers("axes") is not null) node.Set("axes", behind);
        else node.Inputs[1] = Constant(behind);
        return null;
    }

    private string? Reshape(OnnxNode node, string value)
    {
        if (node.Inputs[0] != value) return $"node '{node.Name}' takes the timestep as a shape";
        if (flow.IntegersOf(node.Inputs[1]) is not { } shape) return null; // computed: from the batch
        if (shape.Any(side => side is not (1 or -1))) return $"node '{node.Name}' gives the timestep a fixed number of rows";
        if (shape.Count <= 1) return Skip(node, shape.Count);
        touched.Add(node.Outputs[0]);
        node.Inputs[1] = Constant([-1, .. Enumerable.Repeat(1L, shape.Count - 1)]);
        return null;
    }

    private string? Expand(OnnxNode node, int rank)
    {
        if (flow.IntegersOf(node.Inputs[1]) is { } shape)
            return shape.All(side => side == 1) && shape.Count <= 1 ? Skip(node, Math.Max(rank, shape.Count))
                : $"node '{node.Name}' repeats the timestep a fixed number of times";
        if (node.Is("Tile")) node.MakeIdentity(); // as often as there are rows: the rows are there
        return null;
    }

    /// <summary>A number added or multiplied leaves rows; a table of frequencies needs the rows to stand in front of it.</summary>
    private string? Arithmetic(OnnxNode node, string value, int rank)
    {
        if (node.Inputs.TrueForAll(input => input == value)) return Pass(node, rank);
        if (flow.ConstantOf(node.Inputs.Find(input => input != value)!) is not { } other)
            return rank == 1 ? null : $"node '{node.Name}' takes the timestep as a single number";
        if (other.Shape.Count <= 1 && other.Count == 1) return Pass(node, Math.Max(rank, other.Shape.Count));
        if (other.Shape.Count <= 1) return $"node '{node.Name}' makes an embedding without rows of the timestep";
        if (other.Shape[0] != 1) return $"node '{node.Name}' takes a fixed number of rows";
        string column = $"darkroom.timestep.column{added}";
        long[] behind = AxesBehind(other.Shape.Count);
        // Axes are an input since opset 13.
        var lift = model.Opset >= 13
            ? new OnnxNode("Unsqueeze", column, [value, Constant(behind)], [column])
            : new OnnxNode("Unsqueeze", column, [value], [column]).Set("axes", behind);
        model.Nodes.Insert(model.Nodes.IndexOf(node), lift);
        node.Inputs[node.Inputs.IndexOf(value)] = column;
        touched.Add(node.Outputs[0]);
        return null;
    }

    /// <summary>All axes of a tensor but the first.</summary>
    private static long[] AxesBehind(int rank) => [.. Enumerable.Range(1, rank - 1).Select(axis => (long)axis)];

    private string Constant(long[] values)
    {
        var tensor = OnnxTensor.Of($"darkroom.timestep.{added++}", values);
        model.Tensors.Add(tensor);
        return tensor.Name;
    }
}
