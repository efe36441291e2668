namespace Darkroom.Benchmarks.Profile;

/// <summary>One node of a run, as ONNX Runtime's profile has it.</summary>
/// <param name="Name">Of the node in the graph, behind all optimisations.</param>
/// <param name="OpType">Its operator.</param>
/// <param name="Milliseconds">It took.</param>
/// <param name="Inputs">Shapes of the inputs that it was given; those that are left out are not among them.</param>
/// <param name="Outputs">Shapes of its outputs.</param>
internal sealed record ProfiledNode(
    string Name, string OpType, double Milliseconds, IReadOnlyList<IReadOnlyList<long>> Inputs, IReadOnlyList<IReadOnlyList<long>> Outputs);

/// <summary>One call of a session.</summary>
/// <param name="Milliseconds">Of the whole call.</param>
/// <param name="Nodes">In the order in which they ran.</param>
internal sealed record ProfiledRun(double Milliseconds, IReadOnlyList<ProfiledNode> Nodes);
