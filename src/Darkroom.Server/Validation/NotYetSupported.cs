using Darkroom.Diffusion.Prompts;
using Darkroom.Models.Fields;
using Microsoft.Extensions.Primitives;

namespace Darkroom.Server.Validation;

/// <summary>What the API's page names and this server does not do yet: answered 422, never accepted and ignored. Planned fields stand in the table of fields.</summary>
internal static class NotYetSupported
{
    private static readonly (string Header, string Reason)[] Headers =
    [
        ("Idempotency-Key", "Idempotency keys are not supported yet; leave the header out."),
    ];

    /// <summary>Names of a task's fields that are only planned.</summary>
    public static IReadOnlyList<string> Of(FieldTasks task) => [.. FieldTable.Of(task).Where(row => row.NotYet).Select(row => row.Name)];

    /// <summary>Adds a fault for each prompt with a tag that would be read as words.</summary>
    public static void CheckTags(FieldValues values, FaultList faults)
    {
        foreach (var field in (TextField[])[GenerationFields.Prompt, GenerationFields.Prompt2])
            if (values.TryGet(field, out var text) && ExtraNetwork.Find(text!).Count > 0)
                faults.Add(new Fault(field.Name, "Tags such as <lora:name:weight> and <hypernet:name:weight> are not supported yet.") { NotBuiltYet = true });
    }

    /// <summary>Adds a fault for each header that would be ignored though it promises something.</summary>
    public static void Check(IHeaderDictionary headers, FaultList faults)
    {
        foreach (var row in Headers)
            if (!StringValues.IsNullOrEmpty(headers[row.Header]))
                faults.Add(new Fault(row.Header, row.Reason) { NotBuiltYet = true });
    }
}
