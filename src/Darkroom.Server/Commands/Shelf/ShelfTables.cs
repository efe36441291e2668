using Darkroom.Models.Catalog;
using Darkroom.Server.Commands.Top;

namespace Darkroom.Server.Commands.Shelf;

/// <summary>A table for each kind of file under the models path that there is any of.</summary>
internal static class ShelfTables
{
    private const int MaxNames = 3;

    public static IEnumerable<string> Of(ModelShelf shelf)
    {
        if (shelf.Models.All.Count == 0) yield return $"No models in {shelf.Settings.ModelsPath}.";
        else
            foreach (var line in TextTable.Lines([["ID", "TITLE", "FAMILY", "SIZE", "STORED AS", "MEMORY", "STATE"],
                .. shelf.Models.All.Select(model => Row(model, model.Id == shelf.Models.Default?.Id))])) yield return line;
        foreach (var line in Table(["LORA", "KIND", "RANK", "FOR", "BYTES", "FITS", "STATE"], shelf.Loras.Select(lora => (string[])
        [
            lora.Id, string.Join(", ", lora.Kinds), $"{lora.Rank}", lora.Base ?? "", TopText.Bytes(lora.Bytes), Names(shelf.ModelsOf(lora)), lora.Fault ?? "ok",
        ]))) yield return line;
        foreach (var line in Table(["EMBEDDING", "TOKEN", "VECTORS", "FOR", "BYTES", "FITS", "STATE"], shelf.Embeddings.Select(one => (string[])
            [one.Id, one.Token ?? "", $"{one.Vectors}", one.Base ?? "", TopText.Bytes(one.Bytes), Names(shelf.ModelsOf(one)), one.Fault ?? "ok"])))
            yield return line;
        foreach (var line in Table(["CONTROLNET", "BYTES", "FITS", "STATE"], shelf.ControlNets.Select(net => (string[])
            [net.Id, TopText.Bytes(net.Bytes), Names(shelf.ModelsOf(net)), net.Fault ?? "ok"]))) yield return line;
        foreach (var line in Table(["UPSCALER", "SCALE", "BYTES", "STATE"], shelf.Upscalers.Select(one => (string[])
            [one.Id, $"{one.Scale}", TopText.Bytes(one.Bytes), one.Fault ?? "ok"]))) yield return line;
    }

    private static string[] Row(ModelDescription model, bool isDefault) =>
    [
        isDefault ? model.Id + " *" : model.Id, model.Title, model.Family ?? "-", model.Fault is null ? $"{model.NativeSize}…{model.MaxSize}" : "-",
        string.Join(", ", model.Parts.Select(part => part.StoredAs).OfType<string>().Distinct()) is { Length: > 0 } stored ? stored : "-",
        $"{model.MemoryBytes / (1024 * 1024)} MiB", model.Fault ?? "ok",
    ];

    private static IEnumerable<string> Table(string[] heading, IEnumerable<string[]> rows) =>
        rows.ToArray() is { Length: > 0 } found ? ["", .. TextTable.Lines([heading, .. found])] : [];

    private static string Names(IEnumerable<ModelDescription> models)
    {
        string[] ids = [.. models.Select(model => model.Id)];
        return ids.Length == 0 ? "none" : string.Join(", ", ids.Take(MaxNames)) + (ids.Length > MaxNames ? $" and {ids.Length - MaxNames} more" : "");
    }
}
