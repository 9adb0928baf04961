// The compiler's buffers, not the framework's.
global using Buffer = NetGen.Compiler.Ir.Buffer;
