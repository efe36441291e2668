using System.Globalization;
using Darkroom.Models.Catalog;
using Darkroom.Models.Residency;
using Darkroom.Models.Sessions;
using Darkroom.Server.Configuration.Rows;
using Darkroom.Server.Health;
using Darkroom.Server.Logging;
using Darkroom.Server.Security.Keys;

namespace Darkroom.Server.Configuration;

/// <summary>What a server looks at before it starts, beyond the settings' own ranges. What can come right while it runs is a warning and no fault.</summary>
internal static class StartChecks
{
    /// <returns>The settings.</returns>
    /// <exception cref="SettingsException">It cannot run like this; the message has a sentence for every fault.</exception>
    public static DarkroomSettings Run(IConfiguration configuration, string home)
    {
        var (settings, reader) = SettingsTable.Open(configuration, home);
        var faults = Faults(configuration, settings, reader).ToList();
        if (DataFolder.FaultOf(settings.DataPath) is { } unwritable) faults.Add(unwritable);
        return faults.Count == 0 ? settings : throw new SettingsException(faults);
    }

    /// <summary>What is wrong as far as looking tells: nothing is written.</summary>
    public static IEnumerable<string> Faults(IConfiguration configuration, DarkroomSettings settings, SettingsReader reader)
    {
        List<string> faults = [.. reader.Faults, .. ListenAddresses.Faults(configuration), .. LogLevels.Faults(configuration)];
        if (File.Exists(settings.ModelsPath)) faults.Add($"Darkroom:ModelsPath is {settings.ModelsPath}, and must be a folder: that is a file.");
        if (settings.StylesPath is { } styles && !File.Exists(styles))
            faults.Add($"Darkroom:Automatic1111:Styles is {styles}, and must be a file: {(Directory.Exists(styles) ? "that is a folder" : "there is none")}.");
        if (settings.Role != Role.Api) faults.AddRange(settings.Engine.Devices.Select(DeviceFault).OfType<string>());
        // A key that is wrong is told above, and is not missing.
        return reader.Faults.Count > 0 ? faults : faults.Concat(KeyFaults(configuration, settings));
    }

    /// <summary>Whether the server may let everybody in while there are no keys: it is reached from this machine alone, or was told so.</summary>
    public static bool MayBeOpen(IConfiguration configuration, DarkroomSettings settings) =>
        settings.Insecure || !ListenAddresses.Of(configuration).Any(ListenAddresses.IsOpen);

    /// <summary>
    /// Whether a first key is to be made and shown: others reach the server, there never was a key, and what is written to the console is read. A file of keys
    /// without any is one that somebody emptied.
    /// </summary>
    public static bool NeedsFirstKey(IConfiguration configuration, DarkroomSettings settings) =>
        settings is { FirstKey: true, ApiKey: null, LogFormat: not LogFormat.Off } && !MayBeOpen(configuration, settings)
        && !File.Exists(FileKeyStore.PathIn(settings.DataPath));

    /// <summary>Who asks for a GPU by name gets no server that is slow in secret.</summary>
    private static string? DeviceFault(DeviceSpec spec) => spec.Kind == DeviceSpec.Cuda && CudaSupport.FaultOf(spec.Id) is { } fault
        ? string.Create(CultureInfo.InvariantCulture, $"Darkroom:Engine:Device has {spec.Kind}:{spec.Id}, which cannot be used. {fault}") : null;

    private static IEnumerable<string> KeyFaults(IConfiguration configuration, DarkroomSettings settings)
    {
        IReadOnlyList<ApiKey> keys = [];
        string? broken = null;
        try
        {
            keys = KeysFileAccess.Read(FileKeyStore.PathIn(settings.DataPath));
        }
        catch (InvalidDataException wrong)
        {
            broken = wrong.Message;
        }
        if (broken is not null) yield return broken;
        else if (keys.Count == 0 && settings.ApiKey is null && !MayBeOpen(configuration, settings) && !NeedsFirstKey(configuration, settings))
            yield return $"The address '{ListenAddresses.Of(configuration).First(ListenAddresses.IsOpen)}' is reached from other machines, "
                + "and there are no keys: "
                + "make one by 'darkroom keys add NAME' (or set Darkroom:ApiKey), or let everybody in by --insecure (Darkroom:Insecure=true).";
    }

    /// <summary>What is wrong now and need not stay so. No paths: callers are told too.</summary>
    public static IReadOnlyList<string> Warnings(DarkroomSettings settings, IModelDirectory models)
    {
        var warnings = new List<string>();
        bool hasModels = settings.Role != Role.Api;
        if (hasModels && !Directory.Exists(settings.ModelsPath)) warnings.Add("The folder of Darkroom:ModelsPath does not exist: there are no models.");
        if (hasModels && settings.DefaultModel is { } id && models.Find(id) is null)
            warnings.Add($"Darkroom:DefaultModel is '{id}', and there is no such model: requests that name none are answered 404.");
        if (hasModels)
            foreach (var (name, model) in settings.OpenAi.Models.All.Where(pair => models.Find(pair.Value) is null))
                warnings.Add($"Darkroom:OpenAi:Models has '{name}' stand for '{model}', and there is no such model: requests that name it are answered 404.");
        if (Descriptors.Limit is { } limit && limit < Descriptors.Enough) warnings.Add(Descriptors.Warning(limit));
        return warnings;
    }
}
