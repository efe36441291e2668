namespace Darkroom.Server.Generation.Validation;

/// <summary>From the faults of an order to the one failure that is told.</summary>
internal static class Refusal
{
    /// <param name="faults">At least one, all of them are told.</param>
    /// <param name="model">A fault of the model's name, to be told with the others.</param>
    public static Failure Of(FaultList faults, Fault? model = null)
    {
        if (model is not null) faults.Add(model);
        // A picture that is none makes the request malformed, whatever else is wrong with it.
        var kind = faults.Select(fault => fault.Failure).OfType<FailureKind?>().MinBy(kind => kind == FailureKind.PictureTooLarge ? 0 : 1)
            ?? (faults.All(fault => fault.NotBuiltYet) ? FailureKind.NotYetSupported : FailureKind.InvalidRequest);
        return new(kind, faults.Count == 1 ? Sentence(faults.First()) : $"{faults.Count} things about this request are wrong.") { Faults = [.. faults] };
    }

    private static string Sentence(Fault fault) => fault.Failure is null ? fault.Message : $"{fault.Field}: {fault.Message}";
}
