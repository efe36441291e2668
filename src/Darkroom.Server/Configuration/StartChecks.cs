using Darkroom.Models.Catalog;
using Darkroom.Server.Health;
using Darkroom.Server.Logging;

namespace Darkroom.Server.Configuration;

/// <summary>What a server looks at before it starts, beyond the settings' own ranges. What can come right while it runs is a warning and no fault.</summary>
internal static class StartChecks
{
    /// <exception cref="SettingsException">It cannot run like this; the message has a sentence for every fault.</exception>
    public static void Run(IConfiguration configuration, DarkroomSettings settings)
    {
        List<string> faults = [.. ListenAddresses.Faults(configuration), .. LogLevels.Faults(configuration)];
        if (DataFolder.FaultOf(settings.DataPath) is { } unwritable) faults.Add(unwritable);
        if (File.Exists(settings.ModelsPath)) faults.Add($"Darkroom:ModelsPath is {settings.ModelsPath}, and must be a folder: that is a file.");
        if (faults.Count > 0) throw new SettingsException(string.Join(Environment.NewLine, faults));
    }

    /// <summary>What is wrong now and need not stay so. No paths: callers are told too.</summary>
    public static IReadOnlyList<string> Warnings(DarkroomSettings settings, IModelDirectory models)
    {
        var warnings = new List<string>();
        if (!Directory.Exists(settings.ModelsPath)) warnings.Add("The folder of Darkroom:ModelsPath does not exist: there are no models.");
        if (settings.DefaultModel is { } id && models.Find(id) is null)
            warnings.Add($"Darkroom:DefaultModel is '{id}', and there is no such model: requests that name none are answered 404.");
        if (Descriptors.Limit is { } limit && limit < Descriptors.Enough) warnings.Add(Descriptors.Warning(limit));
        return warnings;
    }
}
