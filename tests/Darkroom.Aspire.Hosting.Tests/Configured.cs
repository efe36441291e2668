using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;

namespace Darkroom.Aspire.Hosting.Tests;

/// <summary>What a resource is started with, as a manifest would say it: values that are not known yet as expressions.</summary>
internal static class Configured
{
    private static readonly DistributedApplicationExecutionContext Execution = new(DistributedApplicationOperation.Publish);

    public static async Task<IReadOnlyDictionary<string, string?>> EnvironmentOf(IResource resource)
    {
        var context = new EnvironmentCallbackContext(Execution, resource);
        foreach (var annotation in resource.Annotations.OfType<EnvironmentCallbackAnnotation>()) await annotation.Callback(context);
        return context.EnvironmentVariables.ToDictionary(one => one.Key, one => Text(one.Value));
    }

    public static async Task<IReadOnlyList<string?>> ArgumentsOf(IResource resource)
    {
        var arguments = new List<object>();
        foreach (var annotation in resource.Annotations.OfType<CommandLineArgsCallbackAnnotation>())
            await annotation.Callback(new CommandLineArgsCallbackContext(arguments));
        return [.. arguments.Select(Text)];
    }

    private static string? Text(object value) => value is IManifestExpressionProvider later ? later.ValueExpression : value.ToString();
}
