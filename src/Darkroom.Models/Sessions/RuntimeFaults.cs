namespace Darkroom.Models.Sessions;

/// <summary>
/// Tells from ONNX Runtime's words what an exception means; its codes say less: a kernel that ran out of memory and one that got a wrong shape have the
/// same.
/// </summary>
internal static class RuntimeFaults
{
    // As the runtime and the libraries below it (CUDA, cuBLAS, cuDNN) word it.
    private static readonly string[] NoMemory =
        ["failed to allocate memory", "out of memory", "bfcarena", "bfc_arena", "bad_alloc", "bad allocation", "ALLOC_FAILED", "memory allocation failed",
            "available memory of"];

    private static readonly string[] Device = ["CUDA failure", "CUDA error", "CUDNN failure", "CUDNN error", "CUBLAS failure", "CUBLAS error",
        "CUFFT failure", "device-side assert"];

    // What the system says of files that may be readable later.
    private static readonly string[] Passing = ["too many open files", "resource temporarily unavailable", "stale file handle", "input/output error"];

    // Codes at the head of a message that mean the call as such.
    private static readonly string[] Refusals = ["[ErrorCode:InvalidArgument]", "[ErrorCode:NotImplemented]", "[ErrorCode:InvalidGraph]",
        "[ErrorCode:NoSuchFile]", "[ErrorCode:InvalidProtobuf]"];

    // What kernels say of inputs that pass the graph's own declaration and do not fit each other.
    private static readonly string[] Shapes = ["shape", "dimension", "dims", "axis", "rank", "broadcast", "indices", "index", "size"];

    /// <param name="message">Of an exception of the runtime, its code in brackets at the head.</param>
    public static GraphFault Of(string message)
    {
        if (Has(message, NoMemory)) return GraphFault.OutOfMemory;
        if (Has(message, Passing)) return GraphFault.Unavailable;
        if (Has(message, Device)) return GraphFault.Dead;
        if (Has(message, Refusals)) return GraphFault.Refused;
        return message.Contains("while running", StringComparison.Ordinal) && Has(message, Shapes) ? GraphFault.Refused : GraphFault.Dead;
    }

    /// <summary>Whether a session was not opened because its graph cannot be captured as a CUDA graph.</summary>
    public static bool RefusesCapture(string message) => Has(message, ["graph capture feature", "CUDA Graph feature"]);

    private static bool Has(string message, string[] words) => Array.Exists(words, word => message.Contains(word, StringComparison.OrdinalIgnoreCase));
}
