using Darkroom.Server.Generation.Validation;
using Microsoft.Extensions.Primitives;

namespace Darkroom.Server.Native.Reading;

/// <summary>
/// Headers that the API's page names and this server does not heed yet: answered 422, never accepted and ignored. Building one of them means deleting
/// its line.
/// </summary>
internal static class PromisingHeaders
{
    private static readonly (string Header, string Reason)[] NotYetSupported =
    [
        ("Idempotency-Key", "Idempotency keys are not supported yet; leave the header out."),
    ];

    public static void Check(IHeaderDictionary headers, FaultList faults)
    {
        foreach (var row in NotYetSupported)
            if (!StringValues.IsNullOrEmpty(headers[row.Header]))
                faults.Add(new Fault(row.Header, row.Reason) { NotBuiltYet = true });
    }
}
