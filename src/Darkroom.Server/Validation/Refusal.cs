using Darkroom.Server.Problems;

namespace Darkroom.Server.Validation;

/// <summary>From the faults of a request to the one problem that is answered.</summary>
internal static class Refusal
{
    /// <param name="faults">At least one, all of them are told.</param>
    /// <param name="model">A fault of the model's name, to be told with the others.</param>
    public static Problem Of(FaultList faults, Fault? model = null)
    {
        if (model is not null) faults.Add(model);
        // A picture that is none makes the request malformed, whatever else is wrong with it.
        var type = faults.Select(fault => fault.Problem).OfType<ProblemType>().MinBy(problem => problem.Status == 413 ? 0 : 1)
            ?? (faults.All(fault => fault.NotBuiltYet) ? ProblemType.NotYetSupported : ProblemType.InvalidRequest);
        return new(type, faults.Count == 1 ? Sentence(faults.First()) : $"{faults.Count} things about this request are wrong.") { Errors = [.. faults] };
    }

    private static string Sentence(Fault fault) => fault.Problem is null ? fault.Message : $"{fault.Field}: {fault.Message}";
}
