using System.Collections;
using System.Text.Json;
using Darkroom.Models.Fields;

namespace Darkroom.Server.Generation.Validation;

/// <summary>Every fault of one request, in the order found.</summary>
internal sealed class FaultList : IReadOnlyCollection<Fault>
{
    // A body of nothing but wrong names would be answered with a body as long.
    private const int Max = 100;

    private readonly List<Fault> faults = [];

    public int Count => faults.Count;

    public void Add(Fault fault)
    {
        if (faults.Count < Max) faults.Add(fault);
    }

    public void Add(Field field, string message, JsonElement? given, string? limit = null) =>
        Add(new Fault(field.Name, message, given is { } json && !field.IsPrivate ? GivenValue.Shorten(json) : null, limit ?? field.Limit));

    /// <summary>A fault that the table of fields found in a value.</summary>
    public void Add(Field field, FieldFault found, JsonElement given)
    {
        var json = found.PartOf(given);
        var wrong = found.Kind == FieldFaultKind.WrongType ? $", not {GivenValue.Kind(json)}" : "";
        Add(new Fault(found.Name, $"{found.Name} {found.Predicate}{wrong}.", field.IsPrivate ? null : GivenValue.Shorten(json), found.Limit));
    }

    public IEnumerator<Fault> GetEnumerator() => faults.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
